"""The programs that run on the graphics card: GLSL 1.20, which every OpenGL since 2.1 understands.

All take points as (a, b, height); `u_scale` and `u_shift` make places in space of them, `u_camera` places on the screen.
So another scale or another view changes a few numbers and sends no point anew.
"""

from dataclasses import dataclass

from PyQt6.QtOpenGL import QOpenGLShader, QOpenGLShaderProgram

from landscape.gui.relief.opengl import OpenGLError

SPACE = """#version 120
uniform mat4 u_camera;
uniform vec3 u_scale, u_shift, u_eye;
uniform float u_nearer;
vec4 on_screen(vec3 point) {
    vec3 place = point * u_scale + u_shift;
    return u_camera * vec4(place + normalize(u_eye - place) * u_nearer, 1.0);
}
"""

# Lit at the vertices: the grid is fine, and pixels then cost next to nothing. u_flat 1 draws the shadow on the floor.
SURFACE = (
    SPACE
    + """
attribute vec3 a_point;
attribute vec2 a_slope;
attribute vec3 a_colour;
attribute float a_noise;
uniform vec3 u_light, u_canvas;
uniform float u_floor, u_lid, u_flat, u_paleness;
varying vec3 v_colour;
varying float v_noise;
void main() {
    v_noise = a_noise;
    vec3 point = vec3(a_point.xy, mix(min(a_point.z, u_lid), u_floor, u_flat));
    vec3 normal = normalize(vec3(a_slope, 1.0) / u_scale);
    vec3 place = point * u_scale + u_shift;
    vec3 sight = normalize(u_eye - place);
    normal *= sign(dot(normal, sight));
    float shade = 0.50 + 0.56 * max(dot(normal, u_light), 0.0);
    float shine = 0.12 * pow(max(dot(normal, normalize(u_light + sight)), 0.0), 24.0);
    v_colour = mix(a_colour * shade + shine, mix(a_colour, u_canvas, u_paleness), u_flat);
    gl_Position = on_screen(point);
}
"""
)
# Below the noise colours are pale, under stripes that belong to the screen as they do on the map: a light line beside a dark
# one, to be seen on any colour. The picture is drawn upside down: y grows downwards here.
SURFACE_COLOUR = """#version 120
uniform float u_density;
uniform vec2 u_corner;
varying vec3 v_colour;
varying float v_noise;
void main() {
    vec3 colour = v_colour;
    if (v_noise > 0.5) {
        colour = mix(colour, vec3(dot(colour, vec3(0.30, 0.59, 0.11))), 0.6);
        float across = mod((gl_FragCoord.x + gl_FragCoord.y + u_corner.x + u_corner.y) / u_density, 9.0);
        if (across < 1.6) colour = mix(colour, vec3(1.0), 0.55);
        else if (across < 3.2) colour = mix(colour, vec3(0.0), 0.45);
    }
    gl_FragColor = vec4(colour, 1.0);
}
"""

LINE = (
    SPACE
    + """
attribute vec3 a_point;
uniform float u_floor, u_flat;
varying float v_height;
void main() {
    v_height = a_point.z;
    gl_Position = on_screen(vec3(a_point.xy, mix(a_point.z, u_floor, u_flat)));
}
"""
)
LINE_COLOUR = """#version 120
uniform vec4 u_colour;
uniform float u_lid;
varying float v_height;
void main() {
    if (v_height > u_lid) discard;
    gl_FragColor = u_colour;
}
"""

# Each point of a line stands twice, to be pushed apart to both sides by half the width, along the corner's bisector.
RIBBON = (
    SPACE
    + """
attribute vec3 a_point, a_before, a_after;
attribute float a_side, a_width;
attribute vec3 a_colour;
uniform vec2 u_viewport;
uniform float u_width;
varying float v_height, v_side;
varying vec3 v_colour;
vec2 pixels(vec4 clip) { return clip.xy / max(clip.w, 0.001) * u_viewport * 0.5; }
void main() {
    vec4 here = on_screen(a_point);
    vec2 middle = pixels(here);
    vec2 came = middle - pixels(on_screen(a_before)), goes = pixels(on_screen(a_after)) - middle;
    if (length(came) < 0.01) came = goes;
    if (length(goes) < 0.01) goes = came;
    if (length(came) < 0.01) { came = vec2(1.0, 0.0); goes = came; }
    came = normalize(came);
    goes = normalize(goes);
    vec2 bisector = dot(came, goes) < -0.7 ? goes : normalize(came + goes);
    vec2 across = vec2(-bisector.y, bisector.x);
    float stretch = min(1.0 / max(abs(dot(across, vec2(-goes.y, goes.x))), 0.5), 1.6);
    here.xy += across * a_side * u_width * a_width * stretch / u_viewport * here.w;
    gl_Position = here;
    v_side = a_side;
    v_height = a_point.z;
    v_colour = a_colour;
}
"""
)
# Shaded across its width like a tube, with a dark rim that carries it over any colour of the surface.
RIBBON_COLOUR = """#version 120
uniform float u_lid, u_alpha, u_round;
varying float v_height, v_side;
varying vec3 v_colour;
void main() {
    if (v_height > u_lid) discard;
    float lit = sqrt(max(1.0 - v_side * v_side, 0.0));
    vec3 tube = v_colour * (0.55 + 0.45 * lit) + 0.10 * pow(lit, 8.0);
    tube = mix(tube, vec3(0.04, 0.05, 0.06), smoothstep(0.66, 0.80, abs(v_side)));
    gl_FragColor = vec4(mix(v_colour, tube, u_round), u_alpha);
}
"""

MARKER = (
    SPACE
    + """
attribute vec3 a_point;
attribute vec2 a_corner;
attribute float a_size, a_glyph;
attribute vec4 a_fill, a_edge;
attribute float a_ball;
uniform vec2 u_viewport;
uniform float u_lid, u_density;
varying vec2 v_corner;
varying float v_glyph, v_ball;
varying vec4 v_fill, v_edge;
void main() {
    gl_Position = on_screen(a_point);
    gl_Position.xy += a_corner * a_size * u_density / u_viewport * gl_Position.w;
    if (a_point.z > u_lid) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    v_corner = a_corner;
    v_glyph = a_glyph;
    v_ball = a_ball;
    v_fill = a_fill;
    v_edge = a_edge;
}
"""
)
# The atlas holds one glyph a tile: red where it is filled, green where it is filled or rimmed.
MARKER_COLOUR = """#version 120
uniform sampler2D u_glyphs;
uniform float u_tiles, u_alpha;
varying vec2 v_corner;
varying float v_glyph, v_ball;
varying vec4 v_fill, v_edge;
vec2 glyph(vec2 corner) {
    vec2 tile = clamp(corner, -0.98, 0.98) * 0.5 + 0.5;
    return texture2D(u_glyphs, vec2((floor(v_glyph + 0.5) + tile.x) / u_tiles, tile.y)).rg;
}
void main() {
    vec4 colour;
    if (v_ball > 0.5) {
        float far = length(v_corner);
        if (far > 1.0) discard;
        vec3 normal = vec3(v_corner, sqrt(max(1.0 - far * far, 0.0)));
        float lit = max(dot(normal, normalize(vec3(-0.45, -0.60, 0.66))), 0.0);
        vec3 ball = v_fill.rgb * (0.50 + 0.60 * lit) + 0.45 * pow(lit, 22.0);
        ball = mix(ball, vec3(0.05, 0.05, 0.07), 0.85 * glyph(v_corner * 1.75).r);
        ball = mix(ball, v_edge.rgb, smoothstep(0.80, 0.86, far));
        colour = vec4(ball, 1.0 - smoothstep(0.93, 1.0, far));
    } else {
        vec2 shape = glyph(v_corner);
        colour = mix(v_edge, v_fill, shape.r);
        colour.a *= shape.g;
    }
    colour.a *= u_alpha;
    if (colour.a < 0.02) discard;
    gl_FragColor = colour;
}
"""


@dataclass(frozen=True)
class Layout:
    """A program's sources and its attributes: name and number of floats, in the order of a vertex row."""

    vertex: str
    fragment: str
    attributes: tuple[tuple[str, int], ...]

    def build(self) -> QOpenGLShaderProgram:
        """Compile it for the current context; OpenGLError if the driver refuses."""
        program = QOpenGLShaderProgram()
        sides = QOpenGLShader.ShaderTypeBit
        for side, source in ((sides.Vertex, self.vertex), (sides.Fragment, self.fragment)):
            if not program.addShaderFromSourceCode(side, source):
                raise OpenGLError(f"the driver refuses a program: {program.log().strip().splitlines()[0]}")
        for location, (name, _) in enumerate(self.attributes):
            program.bindAttributeLocation(name, location)
        if not program.link():
            raise OpenGLError(f"the driver refuses to link a program: {program.log().strip()}")
        return program


LAYOUTS = {
    "surface": Layout(SURFACE, SURFACE_COLOUR, (("a_point", 3), ("a_slope", 2), ("a_colour", 3), ("a_noise", 1))),
    "line": Layout(LINE, LINE_COLOUR, (("a_point", 3),)),
    "ribbon": Layout(
        RIBBON,
        RIBBON_COLOUR,
        (("a_point", 3), ("a_before", 3), ("a_after", 3), ("a_side", 1), ("a_colour", 3), ("a_width", 1)),
    ),
    "marker": Layout(
        MARKER,
        MARKER_COLOUR,
        (("a_point", 3), ("a_corner", 2), ("a_size", 1), ("a_glyph", 1), ("a_fill", 4), ("a_edge", 4), ("a_ball", 1)),
    ),
}
