using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace GraphRec.Benchmarks.HomeLoad;

/// <summary>What the server says of itself at one moment.</summary>
/// <param name="Cpu">CPU seconds it used, user and system.</param>
/// <param name="Allocated">Bytes it allocated on the managed heap.</param>
/// <param name="GcPause">Seconds its threads were paused by the garbage collector.</param>
/// <param name="Rebuilds">Snapshots it built beside serving.</param>
internal readonly record struct ServerSample(double Cpu, double Allocated, double GcPause, int Rebuilds);

/// <summary>
/// The real server: the built <c>graphrec serve</c> as a process of its own, on a free port of this machine, over a copy
/// of the data directory, because serving writes what was shown and the load writes events.
/// </summary>
internal sealed partial class ServerProcess : IDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(90);
    private readonly Process _process;
    private readonly string _data;
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _rebuilds;
    private int _failures;
    private int _disposed;

    private ServerProcess(Process process, string data) => (_process, _data) = (process, data);

    /// <summary>Where it listens; always a loopback address.</summary>
    public Uri Url => _address.Task.Result;

    /// <summary>Its copy of the data directory.</summary>
    public string Data => _data;

    /// <summary>Error lines in its log.</summary>
    public int Failures => Volatile.Read(ref _failures);

    /// <summary>Resident memory, in MB (10⁶ bytes), now and at most.</summary>
    public (double Now, double Peak) Megabytes()
    {
        _process.Refresh();
        return (_process.WorkingSet64 / 1e6, _process.PeakWorkingSet64 / 1e6);
    }

    /// <summary>Starts it and waits until it answers.</summary>
    /// <param name="data">The data directory; it is copied.</param>
    /// <param name="executable">Another build of <c>graphrec</c>; the one beside this program when null.</param>
    public static ServerProcess Start(string data, string? executable)
    {
        var copy = Directory.CreateTempSubdirectory("graphrec-home-load-").FullName;
        // With the trained versions, which are folders of files.
        foreach (var file in Directory.GetFiles(data, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(copy, Path.GetRelativePath(data, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
        var start = new ProcessStartInfo(executable ?? Executable()) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["serve", "--data", copy, "--no-seed", "--urls", "http://127.0.0.1:0"]) start.ArgumentList.Add(argument);
        var server = new ServerProcess(new Process { StartInfo = start }, copy);
        server._process.OutputDataReceived += (_, line) => server.Read(line.Data);
        server._process.ErrorDataReceived += (_, line) => server.Read(line.Data);
        server._process.Start();
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        // Whoever ends the driver ends the server it started.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Dispose();
        if (server._address.Task.Wait(StartTimeout) && server.Url.IsLoopback) return server;
        server.Dispose();
        throw new InvalidOperationException($"The server did not start within {StartTimeout.TotalSeconds} s.");
    }

    public ServerSample Sample()
    {
        _process.Refresh();
        var cpu = _process.TotalProcessorTime.TotalSeconds;
        using var client = new HttpClient { BaseAddress = Url };
        var metrics = client.GetStringAsync("/metrics").GetAwaiter().GetResult();
        return new ServerSample(cpu, Sum(metrics, "dotnet_gc_heap_total_allocated_bytes_total"), Sum(metrics, "dotnet_gc_pause_time_seconds_total"), Volatile.Read(ref _rebuilds));
    }

    /// <summary>Stops it and removes its copy of the data.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        if (!_process.HasExited)
        {
            using (var stop = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)])) stop.WaitForExit();
            if (!_process.WaitForExit(15_000)) _process.Kill();
        }
        _process.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    /// <summary>Of the same configuration as this program; building this one builds it.</summary>
    internal static string Executable()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "GraphRec.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("GraphRec.sln is not above this program.");
        var configuration = AppContext.BaseDirectory.Contains("Release", StringComparison.Ordinal) ? "Release" : "Debug";
        return Path.Combine(folder, "src", "GraphRec.Cli", "bin", configuration, "net10.0", "graphrec");
    }

    private void Read(string? line)
    {
        if (line is null) return;
        if (!_address.Task.IsCompleted && Answers().Match(line) is { Success: true } found) _address.TrySetResult(new Uri(found.Groups[1].Value));
        if (line.Contains("Graph snapshot rebuilt", StringComparison.Ordinal)) Interlocked.Increment(ref _rebuilds);
        if (line.Contains("\"LogLevel\":\"Error\"", StringComparison.Ordinal)) Fail(line);
    }

    private void Fail(string line)
    {
        if (Interlocked.Increment(ref _failures) <= 3) Console.Error.WriteLine(line);
    }

    private static double Sum(string metrics, string name)
    {
        double sum = 0;
        foreach (var line in metrics.Split('\n'))
        {
            if (!line.StartsWith(name, StringComparison.Ordinal)) continue;
            var value = line[(line.LastIndexOf('}') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (value.Length > 0 && double.TryParse(value[0].StartsWith("dotnet", StringComparison.Ordinal) ? value[1] : value[0], CultureInfo.InvariantCulture, out var number)) sum += number;
        }
        return sum;
    }

    [GeneratedRegex(@"answers on (http://[^ /]+)/graphql")]
    private static partial Regex Answers();
}
