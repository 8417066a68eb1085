using System.Globalization;
using System.Net;
using System.Text;

namespace GraphRec.Learning.Reports;

/// <summary>A value with its name and, where known, the ends of its interval.</summary>
internal sealed record ChartBar(string Name, double Value, double Low, double High);

/// <summary>A named point.</summary>
internal sealed record ChartPoint(string Name, double X, double Y);

/// <summary>
/// The charts of reports as SVG. Colours are classes of the page's style sheet, so that light and dark are chosen there; each
/// chart has a title for those who cannot see it, and its numbers stand in text beside it.
/// </summary>
internal static class Charts
{
    // About a phone's width, so that text keeps its size there.
    private const int Width = 480;

    /// <summary>Horizontal bars from 0, each with its interval as a whisker and its value as text.</summary>
    public static string Bars(string title, IReadOnlyList<ChartBar> bars)
    {
        const int row = 30, names = 150, values = 56, top = 4;
        var largest = bars.Select(bar => Math.Max(bar.Value, bar.High)).DefaultIfEmpty(0).Max();
        double X(double value) => names + (largest <= 0 ? 0 : Math.Max(0, value) / largest * (Width - names - values));
        var svg = Begin(title, top + (row * bars.Count) + 4);
        for (var n = 0; n < bars.Count; n++)
        {
            var (bar, y) = (bars[n], top + (n * row));
            svg.Append(CultureInfo.InvariantCulture, $"""<text class="name" x="{names - 8}" y="{y + 18}" text-anchor="end">{Text(Short(bar.Name))}</text>""");
            svg.Append(CultureInfo.InvariantCulture, $"""<rect class="mark" x="{names}" y="{y + 6}" width="{X(bar.Value) - names:0.#}" height="16" rx="2"><title>{Text(bar.Name)}: {bar.Value:0.0000}</title></rect>""");
            if (bar.High > bar.Low)
                svg.Append(CultureInfo.InvariantCulture, $"""<path class="whisker" d="M{X(bar.Low):0.#} {y + 14}H{X(bar.High):0.#}M{X(bar.Low):0.#} {y + 10}v8M{X(bar.High):0.#} {y + 10}v8"/>""");
            svg.Append(CultureInfo.InvariantCulture, $"""<text class="value" x="{X(Math.Max(bar.Value, bar.High)) + 6:0.#}" y="{y + 18}">{bar.Value:0.0000}</text>""");
        }
        return End(svg);
    }

    /// <summary>Points with their names; the horizontal axis is logarithmic.</summary>
    public static string Scatter(string title, string xTitle, string yTitle, IReadOnlyList<ChartPoint> points)
    {
        const int height = 340, left = 52, right = 24, top = 28, bottom = 44;
        var xs = points.Select(point => Math.Log10(Math.Max(point.X, 0.01))).ToArray();
        var (x0, x1) = (Math.Floor(xs.Min()), Math.Max(Math.Ceiling(xs.Max()), Math.Floor(xs.Min()) + 1));
        var (step, y0, y1) = Nice(points.Min(point => point.Y), points.Max(point => point.Y));
        double X(double log) => left + ((log - x0) / (x1 - x0) * (Width - left - right));
        double Y(double value) => height - bottom - ((value - y0) / (y1 - y0) * (height - top - bottom));
        var svg = Begin(title, height);
        for (var tick = y0; tick <= y1 + (step / 2); tick += step)
        {
            svg.Append(CultureInfo.InvariantCulture, $"""<path class="grid" d="M{left} {Y(tick):0.#}H{Width - right}"/>""");
            svg.Append(CultureInfo.InvariantCulture, $"""<text class="tick" x="{left - 8}" y="{Y(tick) + 4:0.#}" text-anchor="end">{tick:0.####}</text>""");
        }
        for (var power = x0; power <= x1; power++)
            svg.Append(CultureInfo.InvariantCulture, $"""<text class="tick" x="{X(power):0.#}" y="{height - bottom + 18}" text-anchor="middle">{Math.Pow(10, power):0.##}</text>""");
        svg.Append(CultureInfo.InvariantCulture, $"""<text class="axis" x="{left}" y="14">{Text(yTitle)}</text><text class="axis" x="{Width - right}" y="{height - 6}" text-anchor="end">{Text(xTitle)}</text>""");
        // Names from the top down, each moved below the one before when they would overlap.
        var lowest = new List<(double X, double Y)>();
        foreach (var n in Enumerable.Range(0, points.Count).OrderByDescending(n => points[n].Y))
        {
            var (x, y) = (X(xs[n]), Y(points[n].Y));
            var toTheLeft = x > Width * 0.7;
            var place = y + 4;
            while (lowest.Any(other => Math.Abs(other.X - x) < 130 && Math.Abs(other.Y - place) < 14)) place += 2;
            lowest.Add((x, place));
            svg.Append(CultureInfo.InvariantCulture, $"""<circle class="mark" cx="{x:0.#}" cy="{y:0.#}" r="5"><title>{Text(points[n].Name)}: {points[n].Y:0.0000} at {points[n].X:0.##}</title></circle>""");
            svg.Append(CultureInfo.InvariantCulture, $"""<text class="name" x="{x + (toTheLeft ? -10 : 10):0.#}" y="{place:0.#}" text-anchor="{(toTheLeft ? "end" : "start")}">{Text(Short(points[n].Name))}</text>""");
        }
        return End(svg);
    }

    /// <summary>Values in order as dots, with the best so far as a line; null where there was none.</summary>
    public static string Trajectory(string title, IReadOnlyList<double?> values)
    {
        const int height = 150, left = 52, right = 12, top = 10, bottom = 24;
        var found = values.OfType<double>().ToArray();
        // The few bad trials of a search would flatten the rest: what is below a generous bound lies on the bottom line.
        var (best, middle) = (found.Max(), found.Order().ElementAt(found.Length / 2));
        var (step, y0, y1) = Nice(Math.Max(found.Min(), best - Math.Max(3 * (best - middle), 0.02 * Math.Abs(best))), best);
        double X(int trial) => left + ((trial + 0.5) / values.Count * (Width - left - right));
        double Y(double value) => height - bottom - ((Math.Max(value, y0) - y0) / (y1 - y0) * (height - top - bottom));
        var svg = Begin(title, height);
        for (var tick = y0; tick <= y1 + (step / 2); tick += step)
        {
            svg.Append(CultureInfo.InvariantCulture, $"""<path class="grid" d="M{left} {Y(tick):0.#}H{Width - right}"/>""");
            svg.Append(CultureInfo.InvariantCulture, $"""<text class="tick" x="{left - 8}" y="{Y(tick) + 4:0.#}" text-anchor="end">{tick:0.####}</text>""");
        }
        svg.Append(CultureInfo.InvariantCulture, $"""<text class="tick" x="{left}" y="{height - 6}">trial 0</text><text class="tick" x="{Width - right}" y="{height - 6}" text-anchor="end">{values.Count - 1}</text>""");
        var path = new StringBuilder();
        var highest = double.NegativeInfinity;
        for (var trial = 0; trial < values.Count; trial++)
        {
            if (values[trial] is not { } value) continue;
            var risen = Math.Max(highest, value);
            if (path.Length == 0) path.Append(CultureInfo.InvariantCulture, $"M{X(trial):0.#} {Y(risen):0.#}");
            else path.Append(CultureInfo.InvariantCulture, $"H{X(trial):0.#}V{Y(risen):0.#}");
            highest = risen;
            svg.Append(CultureInfo.InvariantCulture, $"""<circle class="trial" cx="{X(trial):0.#}" cy="{Y(value):0.#}" r="3"><title>trial {trial}: {value:0.0000}</title></circle>""");
        }
        svg.Append(CultureInfo.InvariantCulture, $"""<path class="line" d="{path}H{Width - right}"/>""");
        return End(svg);
    }

    /// <summary>Text that is safe within HTML.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Short(string name) => name.Length <= 20 ? name : $"{name[..19]}…";

    /// <summary>A round step, and the bounds rounded outwards by it, for about four ticks.</summary>
    private static (double Step, double Low, double High) Nice(double low, double high)
    {
        var span = Math.Max(high - low, Math.Max(1e-6, Math.Abs(high) * 0.01));
        var power = Math.Pow(10, Math.Floor(Math.Log10(span / 4)));
        var step = new[] { 1, 2, 5, 10 }.Select(factor => factor * power).First(s => s >= span / 4 * 0.999);
        var bottom = Math.Floor(low / step) * step;
        var top = Math.Ceiling(high / step) * step;
        return (step, bottom, top > bottom ? top : bottom + step);
    }

    private static StringBuilder Begin(string title, int height) => new(
        string.Create(CultureInfo.InvariantCulture, $"""<svg viewBox="0 0 {Width} {height}" role="img" aria-label="{Text(title)}">"""));

    private static string End(StringBuilder svg) => svg.Append("</svg>").ToString();
}
