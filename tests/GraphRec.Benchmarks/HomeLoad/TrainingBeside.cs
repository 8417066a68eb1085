using System.Diagnostics;

namespace GraphRec.Benchmarks.HomeLoad;

/// <summary><c>graphrec train</c> on the data of a server that is under load, again and again until it is stopped.</summary>
internal sealed class TrainingBeside : IDisposable
{
    private readonly Lock _turn = new();
    private readonly ServerProcess _server;
    private readonly string _arguments;
    private readonly Thread _thread;
    private Process? _process;
    private bool _stopped;
    private int _ended;

    public TrainingBeside(ServerProcess server, string arguments)
    {
        (_server, _arguments) = (server, arguments);
        _thread = new Thread(Run);
        _thread.Start();
    }

    /// <summary>Stops it.</summary>
    /// <returns>How many trainings ended with a version.</returns>
    public int Stop()
    {
        lock (_turn)
        {
            if (_stopped) return _ended;
            _stopped = true;
            if (_process is { HasExited: false } running) running.Kill();
        }
        _thread.Join();
        return _ended;
    }

    public void Dispose()
    {
        Stop();
        _process?.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            lock (_turn)
            {
                if (_stopped) return;
                _process?.Dispose();
                _process = Process.Start(new ProcessStartInfo(ServerProcess.Executable(), $"train --data {_server.Data} {_arguments}") { RedirectStandardOutput = true, RedirectStandardError = true })!;
            }
            // Both are read, or a full pipe would stop it.
            var errors = _process.StandardError.ReadToEndAsync();
            _process.StandardOutput.ReadToEnd();
            _process.WaitForExit();
            lock (_turn)
            {
                if (_stopped) return;
                // Promoted, or a candidate.
                if (_process.ExitCode is not (0 or 9)) throw new InvalidOperationException($"graphrec train ended with {_process.ExitCode}: {errors.Result}");
                _ended++;
            }
        }
    }
}
