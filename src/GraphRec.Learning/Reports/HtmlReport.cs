using System.Globalization;
using System.Text;

namespace GraphRec.Learning.Reports;

/// <summary>A report as one HTML file that needs nothing else: no script, no font, no address.</summary>
public static class HtmlReport
{
    private const string Style =
        """
        :root{color-scheme:light dark;--page:#fff;--ink:#1a1d21;--soft:#5a626c;--line:#d9dde2;--mark:#3b6fb6;--dot:#a9c1e2;--best:#eaf1fb}
        @media(prefers-color-scheme:dark){:root{--page:#14171a;--ink:#e8eaed;--soft:#a0a8b2;--line:#343a41;--mark:#7aa7e6;--dot:#3f5f8f;--best:#1d2a3d}}
        *{box-sizing:border-box}body{margin:0 auto;max-width:60rem;padding:1.5rem 1rem 4rem;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
        h1{font-size:1.5rem;margin:0 0 .25rem}h2{font-size:1.15rem;margin:2.25rem 0 .5rem}h3{font-size:1rem;margin:1.25rem 0 .25rem}
        p{margin:.35rem 0}.soft,caption{color:var(--soft);font-size:.9rem}figure{margin:0 0 1rem}figcaption{color:var(--soft);font-size:.9rem}
        .wide{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.92rem}caption{text-align:left;padding-bottom:.35rem}
        th,td{padding:.3rem .7rem;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}th:first-child,td:first-child{text-align:left;padding-left:0}
        td.best{background:var(--best);font-weight:600}td.left{text-align:left}code{font-size:.88rem;overflow-wrap:anywhere}
        svg{display:block;width:100%;height:auto;max-width:36rem;font:13px system-ui,sans-serif}svg text{fill:var(--ink)}
        svg .tick,svg .axis{fill:var(--soft);font-size:12px}.mark{fill:var(--mark)}.trial{fill:var(--dot)}.grid{stroke:var(--line)}
        .line{fill:none;stroke:var(--mark);stroke-width:2}.whisker{fill:none;stroke:var(--ink);stroke-width:1.5}details{margin:.5rem 0}summary{cursor:pointer}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
        @media(max-width:36rem){dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.5rem}}
        """;

    /// <summary>The page.</summary>
    public static string Of(EvaluationReport report)
    {
        var page = new StringBuilder();
        page.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">");
        page.Append(CultureInfo.InvariantCulture, $"<title>{Text(report.Dataset)}: models measured by GraphRec</title><style>\n{Style}\n</style></head><body>\n");
        page.Append(CultureInfo.InvariantCulture, $"<h1>{Text(report.Dataset)}</h1><p class=\"soft\">Split: {Text(report.Split)}. {Sizes(report)}.</p>\n");
        if (report.Models.Count > 0)
        {
            if (report.Task == "rating") Ratings(page, report);
            else Ranking(page, report);
        }
        LeftOut(page, report);
        Measured(page, report);
        return page.Append("</body></html>\n").ToString();
    }

    private static void Ranking(StringBuilder page, EvaluationReport report)
    {
        string[] main = [$"ndcg@{report.K}", $"recall@{report.K}"];
        Summary(page, report, main);
        foreach (var metric in main)
        {
            page.Append(CultureInfo.InvariantCulture, $"<h2>{Text(metric)}</h2><figure>");
            page.Append(Charts.Bars($"{metric} of each model, with 95 % intervals", [.. report.Models.Select(m => new ChartBar(m.Name, m.Metrics[metric], m.Ci[metric][0], m.Ci[metric][1]))]));
            page.Append("<figcaption>Mean over test users; the whisker is the 95 % interval of the mean (bootstrap over users).</figcaption></figure>\n");
        }
        page.Append("<h2>Accuracy against cost</h2><figure>");
        page.Append(Charts.Scatter(
            $"{main[0]} against CPU seconds", "CPU seconds to fit, and to rank for all test users (logarithmic)", main[0],
            [.. report.Models.Select(m => new ChartPoint(m.Name, m.Train.CpuSeconds + m.Score.CpuSeconds, m.Metrics[main[0]]))]));
        page.Append("<figcaption>Further up is better, further left is cheaper. Walks and neighbours of users fit in no time and rank for long, so both count.</figcaption></figure>\n");
        AllMetrics(page, report);
        Tuning(page, report);
    }

    private static void Summary(StringBuilder page, EvaluationReport report, string[] main)
    {
        page.Append("<h2>Models</h2><div class=\"wide\"><table><thead><tr><th>Model</th>");
        foreach (var metric in main) page.Append(CultureInfo.InvariantCulture, $"<th>{Text(metric)}</th><th>95 % interval</th>");
        page.Append("<th>Fit, CPU s</th><th>Fit, s</th><th>Rank, CPU s</th><th>Users/s</th><th>Peak MB</th></tr></thead><tbody>\n");
        foreach (var model in report.Models)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(model.Name)}</td>");
            foreach (var metric in main)
            {
                var best = model.Metrics[metric] == report.Models.Max(m => m.Metrics[metric]) ? " class=\"best\"" : "";
                page.Append(CultureInfo.InvariantCulture, $"<td{best}>{model.Metrics[metric]:0.0000}</td><td>{model.Ci[metric][0]:0.0000}–{model.Ci[metric][1]:0.0000}</td>");
            }
            page.Append(CultureInfo.InvariantCulture, $"<td>{model.Train.CpuSeconds:0.00}</td><td>{model.Train.WallSeconds:0.00}</td><td>{model.Score.CpuSeconds:0.00}</td><td>{model.Score.UsersPerSecond:N0}</td><td>{model.Train.PeakBytes / 1e6:N0}</td></tr>\n");
        }
        page.Append("</tbody></table></div>\n");
    }

    private static void AllMetrics(StringBuilder page, EvaluationReport report)
    {
        string[] names = [.. report.Models.SelectMany(model => model.Metrics.Keys).Distinct()];
        page.Append("<h2>All metrics</h2><div class=\"wide\"><table><thead><tr><th>Metric</th>");
        foreach (var model in report.Models) page.Append(CultureInfo.InvariantCulture, $"<th>{Text(model.Name)}</th>");
        page.Append("</tr></thead><tbody>\n");
        foreach (var name in names)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(name)}</td>");
            foreach (var model in report.Models)
                page.Append(model.Metrics.TryGetValue(name, out var value) ? string.Create(CultureInfo.InvariantCulture, $"<td>{value:0.0000}</td>") : "<td>–</td>");
            page.Append("</tr>\n");
        }
        page.Append("</tbody></table></div><p class=\"soft\">Formulas: docs/evaluation.md. The less the better: genreMiscalibration, gini. popularityLift is nearest to the users' own choice at 0.</p>\n");
    }

    private static void Tuning(StringBuilder page, EvaluationReport report)
    {
        page.Append("<h2>Parameters</h2>");
        page.Append(report.Tuning is { } tuning
            ? string.Create(CultureInfo.InvariantCulture, $"<p>Chosen by {Text(tuning.Objective)} on a validation part that was cut from training (“{Text(tuning.Validation)}”, {tuning.ValidationUsers:N0} users); {tuning.Seconds:0} s. The test part was measured once, after that.</p>")
            : "<p>As given; nothing was tuned.</p>");
        page.Append("<div class=\"wide\"><table><tbody>\n");
        foreach (var model in report.Models)
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(model.Name)}</td><td class=\"left\">{Params(model.Params)}{Members(model)}</td></tr>\n");
        page.Append("</tbody></table></div>\n");
        foreach (var model in report.Models.Where(model => model.Trials?.Any(trial => trial.Value is not null) == true))
        {
            page.Append(CultureInfo.InvariantCulture, $"<h3>{Text(model.Name)}: {model.Trials!.Count} trials</h3><figure>");
            page.Append(Charts.Trajectory($"Trials of {model.Name}, with the best so far", [.. model.Trials.Select(trial => trial.Value)]));
            page.Append("<figcaption>Each trial on the validation part; the line is the best so far.</figcaption></figure>");
            page.Append("<details><summary>The trials as numbers</summary><div class=\"wide\"><table><thead><tr><th>Trial</th><th>Value</th><th>Fit, CPU s</th><th>Parameters</th></tr></thead><tbody>\n");
            foreach (var trial in model.Trials)
            {
                page.Append(CultureInfo.InvariantCulture, $"<tr><td>{trial.Trial}</td><td>{trial.Value:0.00000}</td><td>{trial.FitCpuSeconds:0.00}</td>");
                page.Append(CultureInfo.InvariantCulture, $"<td class=\"left\">{Params(trial.Params)} {Text(trial.Failure ?? "")}</td></tr>\n");
            }
            page.Append("</tbody></table></div></details>\n");
        }
    }

    private static void Ratings(StringBuilder page, EvaluationReport report)
    {
        page.Append("<h2>Models</h2><div class=\"wide\"><table><thead><tr><th>Model</th><th>RMSE</th><th>MAE</th><th>Fit, CPU s per fold</th><th>Peak MB</th></tr></thead><tbody>\n");
        foreach (var model in report.Models)
        {
            var best = model.Metrics["rmse"] == report.Models.Min(m => m.Metrics["rmse"]) ? " class=\"best\"" : "";
            var cpu = model.Folds!.Average(fold => fold.FitCpuSeconds);
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(model.Name)}</td><td{best}>{model.Metrics["rmse"]:0.0000}</td><td>{model.Metrics["mae"]:0.0000}</td><td>{cpu:0.00}</td><td>{model.Train.PeakBytes / 1e6:N0}</td></tr>\n");
        }
        page.Append("</tbody></table></div><h2>RMSE</h2><figure>");
        page.Append(Charts.Bars("RMSE of each model, with the range over folds", [.. report.Models.Select(m => new ChartBar(m.Name, m.Metrics["rmse"], m.Folds!.Min(f => f.Rmse), m.Folds!.Max(f => f.Rmse)))]));
        page.Append("<figcaption>Mean over folds, less is better; the whisker goes from the least to the greatest fold.</figcaption></figure>\n");
    }

    private static void LeftOut(StringBuilder page, EvaluationReport report)
    {
        if (report.LeftOut.Count == 0) return;
        page.Append("<h2>Not measured</h2><ul>");
        foreach (var left in report.LeftOut) page.Append(CultureInfo.InvariantCulture, $"<li><b>{Text(left.Name)}</b>: {Text(left.Reason)}</li>");
        page.Append("</ul>\n");
    }

    private static void Measured(StringBuilder page, EvaluationReport report)
    {
        page.Append("<h2>How it was measured</h2><dl>");
        void Line(string name, string value) => page.Append(CultureInfo.InvariantCulture, $"<dt>{name}</dt><dd>{value}</dd>");
        if (report.Run is { } run)
        {
            Line("Command", $"<code>{Text(run.CommandLine)}</code>");
            Line("When", string.Create(CultureInfo.InvariantCulture, $"{run.StartedAt:yyyy-MM-dd HH:mm} UTC, {run.Seconds:0} s in all"));
            Line("With", Text($"GraphRec {run.Version}, {run.Runtime}"));
            Line("On", Text(string.Create(CultureInfo.InvariantCulture, $"{run.Processor}, {run.Cores} cores, {run.MemoryBytes / 1e9:0.#} GB, {run.System}")));
        }
        Line("Seed", report.Seed.ToString(CultureInfo.InvariantCulture));
        Line("Threads", report.Threads.ToString(CultureInfo.InvariantCulture));
        Line("Data", Text($"{report.Dataset}, XXH3 of pairs {report.DataHash}"));
        if (report.Task == "ranking") Line("Protocol", $"All items are ranked for every test user, training items left out; ties go to the lower number; lists of {report.K}.");
        page.Append("</dl>\n");
    }

    private static string Sizes(EvaluationReport report) =>
        Text(string.Join(", ", report.Sizes.Select(size => string.Create(CultureInfo.InvariantCulture, $"{size.Value:N0} {string.Concat(size.Key.Select(c => char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{c}"))}"))));

    private static string Members(ModelReport model) => model.Members is not { } members ? ""
        : " = " + string.Join(" + ", members.Select(member => string.Create(CultureInfo.InvariantCulture, $"{member.Weight:0.00}&nbsp;{Text(member.Name)}")));

    private static string Params(IReadOnlyDictionary<string, double> parameters) => parameters.Count == 0
        ? "<span class=\"soft\">the kind's own</span>"
        : string.Join(", ", parameters.Select(p => string.Create(CultureInfo.InvariantCulture, $"{Text(p.Key)} {p.Value}")));

    private static string Text(string text) => Charts.Text(text);
}
