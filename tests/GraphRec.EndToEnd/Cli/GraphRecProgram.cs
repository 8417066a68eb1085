using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace GraphRec.EndToEnd.Cli;

/// <summary>What a finished command left.</summary>
internal sealed record Ran(int Exit, string Out, string Error)
{
    /// <summary>The answer's lines without what pads them.</summary>
    public string[] Lines { get; } = [.. Out.Split('\n').Select(l => l.TrimEnd()).Where(l => l.Length > 0)];
}

/// <summary>The built <c>graphrec</c> as a process, as a user starts it.</summary>
internal sealed class GraphRecProgram : IDisposable
{
    /// <summary>Nothing here takes a tenth of it on an idle machine.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private const int Interrupted = 2, Terminated = 15;

    private readonly Process _process;
    private bool _disposed;
    private readonly StringBuilder _out = new(), _error = new();

    /// <summary>
    /// A shell starts what it puts in the background with Ctrl-C ignored, and a child inherits that: the program would
    /// rightly not stop on it. So the children of this process get it back.
    /// </summary>
    static GraphRecProgram()
    {
        var ignored = File.ReadLines("/proc/self/status").Single(l => l.StartsWith("SigIgn:", StringComparison.Ordinal)).Split('\t')[1];
        if ((Convert.ToUInt64(ignored, 16) & (1UL << (Interrupted - 1))) != 0) SetSignal(Interrupted, 0);
    }

    private GraphRecProgram(Process process) => _process = process;

    public string Error => Read(_error);
    public bool HasExited => _process.HasExited;

    /// <summary>What Linux tells of it.</summary>
    public string Proc => $"/proc/{_process.Id}";

    public string Out => Read(_out);

    /// <summary>What it has computed until now, on all cores together.</summary>
    public TimeSpan Cpu => _process.TotalProcessorTime;

    public static GraphRecProgram Start(params string[] args) => StartWith([], args);

    /// <summary>The same with environment variables of its own.</summary>
    public static GraphRecProgram StartWith(Dictionary<string, string> environment, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            // Somewhere without data or seed, so that nothing is found by accident.
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment["COLUMNS"] = "100";
        start.Environment.Remove("ASPNETCORE_URLS");
        foreach (var (name, value) in environment) start.Environment[name] = value;
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "graphrec.dll"));
        foreach (var arg in args) start.ArgumentList.Add(arg);
        var program = new GraphRecProgram(new Process { StartInfo = start });
        program._process.OutputDataReceived += (_, e) => Append(program._out, e.Data);
        program._process.ErrorDataReceived += (_, e) => Append(program._error, e.Data);
        program._process.Start();
        program._process.BeginOutputReadLine();
        program._process.BeginErrorReadLine();
        return program;
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<Ran> RunAsync(params string[] args)
    {
        using var program = Start(args);
        return await program.EndAsync();
    }

    /// <summary>The same with environment variables of its own.</summary>
    public static async Task<Ran> RunWithAsync(Dictionary<string, string> environment, params string[] args)
    {
        using var program = StartWith(environment, args);
        return await program.EndAsync();
    }

    /// <summary>Waits for its end.</summary>
    public async Task<Ran> EndAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"graphrec did not end within {Patience}. It said: {Read(_out)}{Error}");
        }
        return new Ran(_process.ExitCode, Read(_out), Error);
    }

    /// <summary>Ctrl-C.</summary>
    public void Interrupt() => Signal(Interrupted);

    /// <summary>What an init system sends.</summary>
    public void Terminate() => Signal(Terminated);

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await EndAsync();
    }

    public void Dispose()
    {
        // Whoever serves from it disposes of it too.
        if (_disposed) return;
        _disposed = true;
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private void Signal(int number)
    {
        if (Kill(_process.Id, number) != 0) throw new InvalidOperationException($"Signal {number} could not be sent.");
    }

    private static void Append(StringBuilder to, string? line)
    {
        if (line is null) return;
        lock (to) to.Append(line).Append('\n');
    }

    private static string Read(StringBuilder from)
    {
        lock (from) return from.ToString();
    }

    [DllImport("libc", EntryPoint = "signal", SetLastError = true)]
    private static extern nint SetSignal(int signal, nint handler);

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);
}

/// <summary>A directory of its own, removed afterwards.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("graphrec-cli-").FullName;

    public string Write(string name, params string[] lines)
    {
        var file = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, string.Join('\n', lines) + '\n');
        return file;
    }

    public string Sub(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
