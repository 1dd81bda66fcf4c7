"""Vectors of float32 as values inside compiled kernels: one vector register of examples at a time.

Left to itself the compiler's own vectoriser decides loop by loop whether to use the processor's wide registers;
here they are a type. A `Vector` holds `LANES` numbers: one an example in the surface kernels, one a neuron in the
descent's. `load`, `store`, arithmetic and `product` (the inner loop of a layer, its sums kept in registers) are nearly
all they need. Written against numba's extension interface (numba.pydata.org, "Low-level extension API"); importing this
module imports numba.
"""

import operator
from collections.abc import Callable
from typing import Any

import llvmlite.binding as llvm  # type: ignore[import-untyped]
import numba
from llvmlite import ir
from numba.core import cgutils, types
from numba.core.typeconv import Conversion
from numba.core.typing.templates import ConcreteTemplate, infer_global, signature
from numba.extending import intrinsic, lower_builtin, lower_cast, models, register_model

# How wide a register is and how many there are (32 with AVX-512 and on ARM, else 16): `product` holds GROUP outputs
# times VECTORS registers of sums, and the compiler splits what the machine hasn't got.
_WIDE = bool(llvm.get_host_cpu_features().get("avx512f", False))
LANES = 16 if _WIDE else 8
VECTORS = 2
GROUP = 12 if _WIDE else 6
STRIP = LANES * VECTORS  # examples that go through the network together

_FLOAT = ir.FloatType()
_VECTOR = ir.VectorType(_FLOAT, LANES)
_BITS = ir.VectorType(ir.IntType(32), LANES)
_POINTER = ir.PointerType(_VECTOR)
_FUSE = ("contract",)  # a product and a sum may become one instruction; nothing else is re-ordered


class VectorType(types.Type):
    """The type of a vector; plain numbers become vectors with that number in every lane."""

    def __init__(self) -> None:
        super().__init__(name=f"float32x{LANES}")

    def can_convert_from(self, typing_context: Any, other: Any) -> Conversion | None:
        return Conversion.safe if isinstance(other, types.Number) else None


Vector = VectorType()


@register_model(VectorType)
class _VectorModel(models.PrimitiveModel):
    def __init__(self, manager: Any, fe_type: Any) -> None:
        super().__init__(manager, fe_type, _VECTOR)


def _splat(builder: Any, value: Any) -> Any:
    first = builder.insert_element(ir.Constant(_VECTOR, ir.Undefined), value, ir.Constant(ir.IntType(32), 0))
    everywhere = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
    return builder.shuffle_vector(first, ir.Constant(_VECTOR, ir.Undefined), everywhere)


@lower_cast(types.Number, VectorType)
def _number_to_vector(context: Any, builder: Any, from_type: Any, to_type: Any, value: Any) -> Any:
    return _splat(builder, context.cast(builder, value, from_type, types.float32))


def _arithmetic(symbol: Callable, instruction: str) -> None:
    @infer_global(symbol)
    class Template(ConcreteTemplate):
        cases = [signature(Vector, Vector, Vector)]  # noqa: RUF012  (numba reads the class attribute)

    @lower_builtin(symbol, VectorType, VectorType)
    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return getattr(builder, instruction)(*args, flags=_FUSE)


for _symbol, _instruction in (
    (operator.add, "fadd"),
    (operator.sub, "fsub"),
    (operator.mul, "fmul"),
    (operator.truediv, "fdiv"),
):
    _arithmetic(_symbol, _instruction)


def _place(builder: Any, pointer: Any, index: Any) -> Any:
    return builder.bitcast(builder.gep(pointer, [index]), _POINTER)


@intrinsic
def place(typing_context: Any, array: Any, index: Any) -> Any:
    """A pointer to entry `index` of a contiguous array, whatever its shape, or that far beyond another pointer.

    Slices would count references, with a locked instruction each, in the innermost loops. A pointer keeps nothing
    alive: take it of a compiled function's arguments only, never of an array made inside.
    """

    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        start, index = args
        if isinstance(sig.args[0], types.Array):
            start = context.make_array(sig.args[0])(context, builder, value=start).data
        return builder.gep(start, [index])

    pointer_type = types.CPointer(array.dtype)  # type: ignore[attr-defined]
    return pointer_type(array, types.intp), lower


@intrinsic
def load(typing_context: Any, pointer: Any, index: Any) -> Any:
    """The vector of the `LANES` numbers that begins `index` numbers beyond a pointer."""

    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.load(_place(builder, *args), align=4)

    return Vector(pointer, types.intp), lower


@intrinsic
def store(typing_context: Any, pointer: Any, index: Any, value: Any) -> Any:
    """Write a vector to `index` numbers beyond a pointer."""

    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        builder.store(args[2], _place(builder, args[0], args[1]), align=4)
        return context.get_dummy_value()

    return types.void(pointer, types.intp, Vector), lower


@intrinsic
def fetch(typing_context: Any, pointer: Any, index: Any) -> Any:
    """Ask for the cache line `index` numbers beyond a pointer, which will be wanted soon; it may lie anywhere."""

    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        where = builder.bitcast(builder.gep(args[0], [args[1]]), cgutils.voidptr_t)
        number = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, number, number, number])
        hint = builder.module.declare_intrinsic("llvm.prefetch", [cgutils.voidptr_t], kind)
        builder.call(hint, [where, number(0), number(3), number(1)])  # to read, into all caches, data
        return context.get_dummy_value()

    return types.void(pointer, types.intp), lower


@intrinsic
def nonzero_lanes(typing_context: Any, x: Any) -> Any:
    """A whole number whose bit i says whether lane i is other than zero; NaN is."""

    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        bits = builder.fcmp_unordered("!=", args[0], ir.Constant(_VECTOR, [0.0] * LANES))
        return builder.zext(builder.bitcast(bits, ir.IntType(LANES)), ir.IntType(64))

    return types.int64(Vector), lower


@intrinsic
def lowest_bit(typing_context: Any, bits: Any) -> Any:
    """The place of the lowest bit that is set of a whole number other than 0."""

    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.cttz(args[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.int64), lower


@intrinsic
def where_less(typing_context: Any, x: Any, y: Any, then: Any, otherwise: Any) -> Any:
    """In each lane: `then` if x < y, else `otherwise` (also where x or y is NaN)."""

    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.select(builder.fcmp_ordered("<", args[0], args[1]), args[2], args[3])

    return Vector(Vector, Vector, Vector, Vector), lower


@intrinsic
def magnitude(typing_context: Any, x: Any) -> Any:
    """|x| in each lane."""

    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        mask = ir.Constant(_BITS, [0x7FFFFFFF] * LANES)
        return builder.bitcast(builder.and_(builder.bitcast(args[0], _BITS), mask), _VECTOR)

    return Vector(Vector), lower


@intrinsic
def total(typing_context: Any, x: Any) -> Any:
    """The sum over the lanes, float32, added up in pairs."""

    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        reduce = cgutils.get_or_insert_function(
            builder.module,
            ir.FunctionType(_FLOAT, [_FLOAT, _VECTOR]),
            f"llvm.vector.reduce.fadd.v{LANES}f32",
        )
        return builder.call(reduce, [ir.Constant(_FLOAT, -0.0), args[0]], fastmath=("reassoc",))

    return types.float32(Vector), lower


@intrinsic
def largest(typing_context: Any, x: Any) -> Any:
    """The largest of the lanes, float32; lanes that are NaN don't count."""

    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        reduce = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(_FLOAT, [_VECTOR]), f"llvm.vector.reduce.fmax.v{LANES}f32"
        )
        return builder.call(reduce, [args[0]])

    return types.float32(Vector), lower


@intrinsic
def power_of_two(typing_context: Any, x: Any) -> Any:
    """2**k in each lane, for x = 1.5·2**23 + 127 + k, whose low bits are k + 127; k whole, from -126 to 127."""

    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        places = ir.Constant(_BITS, [23] * LANES)
        return builder.bitcast(builder.shl(builder.bitcast(args[0], _BITS), places), _VECTOR)

    return Vector(Vector), lower


@numba.njit
def exponential(x):  # type: ignore[no-untyped-def]
    """exp(x) to about 1e-7 of itself for |x| < 1; from 87 down to -87, where it stays; for x ≤ 88; NaN for NaN."""
    return two_to_the(where_less(x, -87.0, -87.0, x) * 1.44269504088896341)


@numba.njit
def two_to_the(t):  # type: ignore[no-untyped-def]
    """2**t for -126 < t < 127.5."""
    shifted = t + 12583039.0  # 1.5·2**23 + 127: rounds t, and leaves the biased power of two in the low bits
    f = t - (shifted - 12583039.0)  # -1/2 to 1/2
    p = f * 1.32647e-3 + 9.67151e-3  # 2**f, minimax with 2**0 = 1 kept
    p = p * f + 5.550734e-2
    p = p * f + 2.4022242e-1
    p = p * f + 6.9314698e-1
    return (p * f + 1.0) * power_of_two(shifted)


@intrinsic
def split_power(typing_context: Any, x: Any) -> Any:
    """(m, k) with x = m·2**k and m from sqrt(1/2) to sqrt(2), for positive normal x."""

    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        def constant(value: int) -> Any:
            return ir.Constant(_BITS, [value] * LANES)

        root_half = constant(0x3F3504F3)
        bits = builder.sub(builder.bitcast(args[0], _BITS), root_half)
        power = builder.ashr(bits, constant(23))
        mantissa = builder.add(builder.and_(bits, constant(0x007FFFFF)), root_half)
        pair = builder.bitcast(mantissa, _VECTOR), builder.sitofp(power, _VECTOR)
        return context.make_tuple(builder, sig.return_type, pair)

    pair_type = types.Tuple((Vector, Vector))  # type: ignore[attr-defined]
    return pair_type(Vector), lower


@intrinsic
def product(
    typing_context: Any,
    weights: Any,
    at: Any,
    stride: Any,
    bias: Any,
    rows: Any,
    depth: Any,
    x: Any,
    y: Any,
    to: Any,
    outputs: Any,
) -> Any:
    """y[to + g] = weights[bias + g] + Σ_k weights[at + rows[k]·stride + g]·x[k], g < `outputs` ≤ GROUP, k < `depth`.

    weights, rows, x and y are pointers; rows None: rows[k] is k. x and y hold STRIP examples for each neuron, and k, g
    and `to` count neurons. All sums stay in registers.
    """

    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        wide = ir.IntType(64)
        weights, at, stride, bias, rows, depth, x, y, to, _ = args
        if sig.args[4] == types.none:
            rows = None
        end = builder.append_basic_block("product.end")
        choice = builder.switch(args[9], end)
        for group in range(1, GROUP + 1):
            block = builder.append_basic_block(f"product.{group}")
            choice.add_case(ir.Constant(wide, group), block)
            builder.position_at_end(block)
            _product_of_group(builder, group, weights, at, stride, bias, rows, depth, x, y, to)
            builder.branch(end)
        builder.position_at_end(end)
        return context.get_dummy_value()

    index = types.intp
    return types.void(weights, index, index, index, rows, index, x, y, index, index), lower


def _product_of_group(
    builder: Any, group: int, w: Any, at: Any, stride: Any, bias: Any, rows: Any, depth: Any, x: Any, y: Any, to: Any
) -> None:
    def vector_at(data: Any, strip: Any, vector: int) -> Any:
        offset = builder.add(
            builder.mul(strip, ir.Constant(strip.type, STRIP)), ir.Constant(strip.type, vector * LANES)
        )
        return builder.bitcast(builder.gep(data, [offset]), _POINTER)

    def weight(start: Any, g: int) -> Any:
        return builder.load(builder.gep(w, [builder.add(start, ir.Constant(start.type, g))]), align=4)

    sums = [[cgutils.alloca_once(builder, _VECTOR) for _ in range(VECTORS)] for _ in range(group)]
    for g in range(group):
        first = _splat(builder, weight(bias, g))
        for v in range(VECTORS):
            builder.store(first, sums[g][v])
    with cgutils.for_range(builder, depth) as loop:
        k = loop.index
        inputs = [builder.load(vector_at(x, k, v), align=4) for v in range(VECTORS)]
        row = k if rows is None else builder.load(builder.gep(rows, [k]))
        start = builder.add(at, builder.mul(row, stride))
        for g in range(group):
            factor = _splat(builder, weight(start, g))
            for v in range(VECTORS):
                step = builder.fmul(factor, inputs[v], flags=_FUSE)
                builder.store(builder.fadd(step, builder.load(sums[g][v]), flags=_FUSE), sums[g][v])
    for g in range(group):
        for v in range(VECTORS):
            place = builder.add(to, ir.Constant(to.type, g))
            builder.store(builder.load(sums[g][v]), vector_at(y, place, v), align=4)
