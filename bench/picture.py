"""Time against multiply-adds as an SVG: both in steps of ten, so that time in proportion to work is a slope of one."""
import math

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 440, 70, 170, 34, 54
COLOURS = {"f32": "#1f6fb2", "int8": "#c4492b"}


def _axis(values):
    """From the power of ten below all values to the one above; one step at least."""
    low = math.floor(math.log10(min(values, default=1)))
    return low, max(low + 1, math.ceil(math.log10(max(values, default=1))))


def _count(exponent):
    return ["1", "10", "100"][exponent % 3] + ["", " thousand", " M", " G"][exponent // 3]


def _time(exponent):
    return ["1", "10", "100"][exponent % 3] + [" us", " ms", " s"][exponent // 3]


def growth(level, rows):
    """Ours filled, the best peer hollow; a dashed line is the limit of the machine."""
    rows = [r for r in rows if r["ours_us"] and r["threads"] == 1 and r["net"] != "every_operator"]
    work = [r["multiply_adds"] for r in rows]
    times = [t for r in rows for t in (r["ours_us"], r["best_peer_us"]) if t]
    (x0, x1), (y0, y1) = _axis(work), _axis([max(t, 1) for t in times])

    def x(value):
        return LEFT + (math.log10(value) - x0) / (x1 - x0) * (WIDTH - LEFT - RIGHT)

    def y(value):
        return HEIGHT - BOTTOM - (math.log10(value) - y0) / (y1 - y0) * (HEIGHT - TOP - BOTTOM)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
           'font-size="12">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
           f'<text x="{LEFT}" y="20" font-size="14">{level}: one inference on one core, against its work</text>']
    for e in range(x0, x1 + 1):
        out.append(f'<path d="M{x(10 ** e):.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#ddd"/>'
                   f'<text x="{x(10 ** e):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{_count(e)}</text>')
    for e in range(y0, y1 + 1):
        out.append(f'<path d="M{LEFT} {y(10 ** e):.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>'
                   f'<text x="{LEFT - 8}" y="{y(10 ** e) + 4:.1f}" text-anchor="end">{_time(e)}</text>')
    out.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 14}" text-anchor="middle">multiply-adds</text>')
    for place, (precision, colour) in enumerate(COLOURS.items()):
        own = sorted((r for r in rows if r["precision"] == precision), key=lambda r: r["multiply_adds"])
        for row in own:
            if row["best_peer_us"]:
                out.append(f'<circle cx="{x(row["multiply_adds"]):.1f}" cy="{y(row["best_peer_us"]):.1f}" r="5" '
                           f'fill="none" stroke="{colour}"/>')
            out.append(f'<circle cx="{x(row["multiply_adds"]):.1f}" cy="{y(row["ours_us"]):.1f}" r="4" fill="{colour}">'
                       f'<title>{row["net"]} {precision}: {row["ours_us"]:.0f} us</title></circle>')
        shares = [r for r in own if r["limit_share"]]
        if shares:
            rate = max(r["limit_share"] * r["ours_us"] / r["multiply_adds"] for r in shares)  # us of a multiply-add
            low = max(10 ** x0, 10 ** y0 / rate)
            out.append(f'<path d="M{x(low):.1f} {y(low * rate):.1f}L{x(10 ** x1):.1f} {y(10 ** x1 * rate):.1f}" '
                       f'stroke="{colour}" stroke-dasharray="4 4"/>')
        at = TOP + 20 + 70 * place
        out.append(f'<g transform="translate({WIDTH - RIGHT + 16} {at})"><circle cx="5" cy="-4" r="4" fill="{colour}"/>'
                   f'<text x="16">{precision}, ours</text><circle cx="5" cy="16" r="5" fill="none" stroke="{colour}"/>'
                   f'<text x="16" y="20">{precision}, best peer</text><path d="M-2 36H12" stroke="{colour}" '
                   f'stroke-dasharray="4 4"/><text x="16" y="40">{precision}, limit</text></g>')
    return "\n".join([*out, "</svg>", ""])
