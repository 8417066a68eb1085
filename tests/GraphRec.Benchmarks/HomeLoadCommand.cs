using System.Diagnostics;
using System.Globalization;
using GraphRec.Benchmarks.HomeLoad;
using GraphRec.Core;
using GraphRec.Storage.Embedded;

namespace GraphRec.Benchmarks;

/// <summary>
/// <c>home-load --data DIR [--rate 200] [--seconds 30] [--warmup 20] [--events 5] [--connections 64] [--seed 1] [--server FILE] [--find-limit] [--train "ARGUMENTS"]</c>:
/// starts the real server over a copy of DIR and asks it for home pages at a constant arrival rate; then the same
/// driver asks for <c>/health/live</c>, which shows what driver and HTTP alone cost. --events is how many events per
/// second viewers send meanwhile, so that overlay and rebuild work as in life. --server is another build
/// of graphrec to load instead, to compare the two. --find-limit raises the rate until p99 passes 50 ms. --train asks for home
/// pages once more while <c>graphrec train</c> with these arguments runs on the server's data, over and over.
/// <para><c>--stages</c>: what each stage of a page costs, in this process. <c>--pages FILE</c>: writes the pages of 200
/// viewers as JSON, to compare two builds byte by byte.</para>
/// </summary>
public static class HomeLoadCommand
{
    private const double LimitMilliseconds = 50;
    private const int MaxSteps = 14;
    private const int MaxDisturbed = 4;

    /// <summary>Cores that others use from which on a step that fails proves nothing.</summary>
    private const double Disturbing = 0.1;

    public static int Run(string[] args)
    {
        var data = Value(args, "--data") ?? "data";
        var export = Read(data).GetAwaiter().GetResult();
        if (args.Contains("--stages")) return HomeStages.RunAsync(export).GetAwaiter().GetResult();
        if (Value(args, "--pages") is { } file) return HomePages.Write(export, file);
        var options = new Options(
            Number(args, "--rate", 200, 1, 20_000), Number(args, "--seconds", 30, 1, 600), Number(args, "--warmup", 20, 0, 120),
            Number(args, "--events", 5, 0, 1000), (int)Number(args, "--connections", 64, 1, 256));
        var requests = new HomeRequests(export, (int)Number(args, "--seed", 1, 0, int.MaxValue));
        using var server = ServerProcess.Start(data, Value(args, "--server"));
        Console.WriteLine(Measure.Text($"{requests.Viewers:N0} viewers, {export.Dramas.Count:N0} dramas; {Environment.ProcessorCount} cores, .NET {Environment.Version}; server at {server.Url}, {server.Megabytes().Now:0} MB after start"));
        var driver = new LoadDriver(server.Url, options.Connections);
        using var events = new EventTrickle(server.Url, requests, options.Events);
        if (options.Warmup > 0) driver.Run(options.Rate / 2, options.Warmup, requests.Home, HomeRequests.IsGood);
        Console.WriteLine($"{"",-14} {"rate",7} {"p50",8} {"p95",8} {"p99",8} {"p99.9",8} {"max",8} {"errors",7} {"server",9} {"driver",9} {"bytes",9} {"garbage",9} {"GC pause",9} {"rebuilds",9} {"others",7}");
        Console.WriteLine($"{"",-14} {"per s",7} {"ms",8} {"ms",8} {"ms",8} {"ms",8} {"ms",8} {"",7} {"CPU ms",9} {"CPU ms",9} {"/answer",9} {"KB/answer",9} {"%",9} {"",9} {"cores",7}");
        Step("home", server, () => driver.Run(options.Rate, options.Seconds, requests.Home, HomeRequests.IsGood));
        if (Value(args, "--train") is { } training) BesideTraining(training, server, () => driver.Run(options.Rate, options.Seconds, requests.Home, HomeRequests.IsGood));
        Step("/health/live", server, () => driver.Run(options.Rate, Math.Min(10, options.Seconds), _ => HomeRequests.Live, _ => true));
        if (args.Contains("--find-limit")) FindLimit(server, driver, requests, options);
        Console.WriteLine(Measure.Text($"server: {server.Megabytes().Now:0} MB now, {server.Megabytes().Peak:0} MB at most; {server.Failures} errors logged; {events.Sent} events sent"));
        return 0;
    }

    private static void BesideTraining(string arguments, ServerProcess server, Func<LoadResult> run)
    {
        using var training = new TrainingBeside(server, arguments);
        Step("home, train", server, run);
        Console.WriteLine(Measure.Text($"graphrec train {arguments}: {training.Stop()} trainings ended with a version meanwhile; what they used is among others' cores"));
    }

    private static void FindLimit(ServerProcess server, LoadDriver driver, HomeRequests requests, Options options)
    {
        double held = 0;
        var (rate, disturbed) = (options.Rate, 0);
        for (var step = 0; step < MaxSteps; step++)
        {
            var (result, others) = Step(Measure.Text($"limit {rate:0}/s"), server, () => driver.Run(rate, Math.Min(15, options.Seconds), requests.Home, HomeRequests.IsGood));
            if (result.Milliseconds(99) > LimitMilliseconds || result.Errors > 0)
            {
                // Other work may have been the cause: asked again, but not for ever.
                if (others > Disturbing && disturbed++ < MaxDisturbed) continue;
                break;
            }
            held = rate;
            rate = Math.Ceiling(rate * 1.15);
        }
        Console.WriteLine(Measure.Text($"highest rate held with p99 at most {LimitMilliseconds} ms: {held:0} requests/s"));
    }

    private static (LoadResult Result, double Others) Step(string name, ServerProcess server, Func<LoadResult> run)
    {
        var before = server.Sample();
        var (own, all) = (Own(), MachineBusy());
        var result = run();
        (own, all) = (Own() - own, MachineBusy() - all);
        var after = server.Sample();
        // Work of others on the same cores: with more than a little of it the latencies say nothing of this server.
        var others = (all - own - (after.Cpu - before.Cpu)) / result.Seconds;
        var n = Math.Max(1, result.Answered);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-14} {result.Rate,7:0.0} {result.Milliseconds(50),8:0.00} {result.Milliseconds(95),8:0.00} {result.Milliseconds(99),8:0.00} {result.Milliseconds(99.9),8:0.00} {result.Milliseconds(100),8:0.00} {result.Errors,7} {1000 * (after.Cpu - before.Cpu) / n,9:0.000} {1000 * own / n,9:0.000} {result.Bytes / n,9} {(after.Allocated - before.Allocated) / n / 1000,9:0.0} {100 * (after.GcPause - before.GcPause) / result.Seconds,9:0.00} {after.Rebuilds - before.Rebuilds,9} {others,7:0.00}"));
        return (result, others);
    }

    private static double Own()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime.TotalSeconds;
    }

    /// <summary>CPU seconds of everything on this machine; Linux counts them in hundredths.</summary>
    private static double MachineBusy()
    {
        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9].Select(double.Parse).ToArray();
        return (ticks.Sum() - ticks[3] - ticks[4]) / 100;
    }

    private static async Task<GraphExport> Read(string data)
    {
        await using var store = await EmbeddedStore.OpenAsync(data, new EmbeddedOptions { ReadOnly = true });
        return await store.Export.ReadAsync();
    }

    private static double Number(string[] args, string name, double fallback, double least, double most)
    {
        var value = Value(args, name) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : fallback;
        return value >= least && value <= most ? value : throw new ArgumentException($"{name} must be from {least} to {most}, but is {value}.");
    }

    private static string? Value(string[] args, string name) => Array.IndexOf(args, name) is >= 0 and var i && i + 1 < args.Length ? args[i + 1] : null;

    private sealed record Options(double Rate, double Seconds, double Warmup, double Events, int Connections);

    /// <summary>Viewers watch something now and then while others look at pages.</summary>
    private sealed class EventTrickle : IDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Thread _thread;
        private int _sent;

        public EventTrickle(Uri server, HomeRequests requests, double rate)
        {
            var driver = new LoadDriver(server, 1);
            _thread = new Thread(() =>
            {
                while (rate > 0 && !_stop.IsCancellationRequested)
                {
                    var first = _sent;
                    var result = driver.Run(rate, Math.Max(1, 1 / rate), i => requests.Event(first + i), HomeRequests.IsGood);
                    if (result.Errors > 0) throw new InvalidOperationException("The server refused an event.");
                    Interlocked.Add(ref _sent, (int)result.Answered);
                }
            });
            _thread.Start();
        }

        public int Sent => Volatile.Read(ref _sent);

        public void Dispose()
        {
            _stop.Cancel();
            _thread.Join();
            _stop.Dispose();
        }
    }
}
