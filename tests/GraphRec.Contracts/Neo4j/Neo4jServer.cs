using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace GraphRec.Contracts.Neo4j;

/// <summary>
/// A real Neo4j Community 3.1.1, as a process, in a directory of its own under the temporary directory and on a free
/// loopback port. It can be stopped, killed and started again with what it holds. When it is disposed, or the process
/// that opened it ends in whatever way, the server dies and the directory goes.
/// </summary>
public sealed class Neo4jServer : IAsyncDisposable
{
    private const string Version = "neo4j-community-3.1.1";

    /// <summary>Starts take about five seconds of computing; this is for machines that have other work.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>
    /// Becomes the JVM, and leaves a watch behind that reads what the tests write. When its input ends without a word, they are
    /// gone, and so must the server and its directory. It outlives signals to the whole group, to do that. (The kernel's parent-death signal would not do: it comes when
    /// the *thread* ends that started the process, and threads of the pool come and go.)
    /// </summary>
    private const string Launch =
        """
        exec >>"$1/logs/console.log" 2>&1 3<&0 </dev/null
        { trap '' HUP INT TERM; read -r word <&3 || { kill -KILL $$; rm -rf "$1"; }; } &
        shift
        exec "$@" 3<&-
        """;

    private static readonly string[] JvmOptions =
    [
        "-Xmx1g", "-XX:+UseSerialGC", "-Djava.awt.headless=true", "-Dfile.encoding=UTF-8",
        "--add-opens", "java.base/java.lang=ALL-UNNAMED", "--add-opens", "java.base/java.nio=ALL-UNNAMED",
        "--add-opens", "java.base/sun.nio.ch=ALL-UNNAMED", "--add-opens", "java.base/java.util=ALL-UNNAMED",
        "--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED",
    ];

    private static readonly string? Java = FindJava();
    private static readonly string? Home = FindHome();
    private static int s_ports;

    private readonly string? _password;
    private readonly HttpClient _http;
    private Process? _process;

    private Neo4jServer(string? password)
    {
        _password = password;
        Directory = System.IO.Directory.CreateTempSubdirectory("graphrec-neo4j-").FullName;
        Uri = new Uri($"http://127.0.0.1:{FreePort()}");
        // A new connection after a restart, and all the time that a big statement takes.
        _http = new HttpClient { BaseAddress = Uri, Timeout = TimeSpan.FromMinutes(10) };
        if (password is not null) _http.DefaultRequestHeaders.Authorization = Basic(password);
    }

    /// <summary>Why there can be no server here and what to do about it; null when there can.</summary>
    public static string? Missing =>
        Home is null ? $"{Version} is not there: .ci/neo4j installs it (or GRAPHREC_NEO4J_HOME says where it is)."
        : Java is null ? "There is no java in JAVA_HOME or PATH: .ci/neo4j installs it."
        : null;

    /// <summary>The root of its HTTP interfaces, the same for its whole life.</summary>
    public Uri Uri { get; }

    /// <summary>Where it keeps its data, configuration and logs.</summary>
    public string Directory { get; }

    /// <summary>The only user of a server with authentication.</summary>
    public string User => "neo4j";

    /// <summary>The user's password; null when the server asks for none.</summary>
    public string? Password => _password;

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>The JVM that runs.</summary>
    /// <exception cref="InvalidOperationException">The server is not running.</exception>
    public int ProcessId => IsRunning ? _process!.Id : throw new InvalidOperationException("This Neo4j is not running.");

    /// <summary>A new, empty server that answers. With a password it asks user <c>neo4j</c> for it, else for nothing.</summary>
    /// <exception cref="InvalidOperationException">Something is <see cref="Missing"/>, or it does not start; with the end of its log.</exception>
    public static async Task<Neo4jServer> OpenAsync(string? password = null, CancellationToken cancel = default)
    {
        if (Missing is { } missing) throw new InvalidOperationException(missing);
        var server = new Neo4jServer(password);
        try
        {
            server.Configure();
            await server.StartAsync(cancel);
            if (password is not null) await server.SetPasswordAsync(password, cancel);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it if it does not run, with the data, the address and the password that it had; returns when it answers.</summary>
    public async Task StartAsync(CancellationToken cancel = default)
    {
        if (!IsRunning)
        {
            var before = _process;
            _process = Process.Start(StartInfo())!;
            Release(before);
        }
        await WaitUntilItAnswersAsync(cancel);
    }

    /// <summary>Asks it to end (SIGTERM) and waits until it has.</summary>
    public async Task StopAsync(CancellationToken cancel = default)
    {
        if (!IsRunning) return;
        using (var kill = Process.Start("kill", ["-TERM", ProcessId.ToString()])) await kill.WaitForExitAsync(cancel);
        await _process!.WaitForExitAsync(cancel).WaitAsync(Patience, cancel);
    }

    /// <summary>Ends it at once (SIGKILL), in the middle of whatever it does; returns when it is dead.</summary>
    public void Kill()
    {
        if (!IsRunning) return;
        _process!.Kill();
        _process.WaitForExit();
    }

    /// <summary>Deletes every relationship and node. Constraints and indexes stay.</summary>
    public async Task WipeAsync(CancellationToken cancel = default)
    {
        // In batches: a transaction keeps all that it deletes in memory.
        while ((await RowsAsync("MATCH ()-[r]->() WITH r LIMIT 50000 DELETE r RETURN count(*)", cancel: cancel))[0][0].GetInt32() > 0) { }
        while ((await RowsAsync("MATCH (n) WHERE NOT n:GraphState WITH n LIMIT 50000 DELETE n RETURN count(*)", cancel: cancel))[0][0].GetInt32() > 0) { }
        // The constraints stay, and with them the note that they are there: to state fifteen of them anew takes longer than
        // most tests.
        await RowsAsync("MATCH (g:GraphState) SET g = {key: g.key, schema: g.schema}", cancel: cancel);
    }

    /// <summary>Runs one statement in a transaction of its own, as somebody does who knows nothing of GraphRec.</summary>
    /// <param name="cypher">The statement.</param>
    /// <param name="parameters">An object with its parameters, written as JSON.</param>
    /// <param name="cancel">Stops waiting for it.</param>
    /// <returns>A list of values per row.</returns>
    /// <exception cref="InvalidOperationException">Neo4j refused the statement; with its code and text.</exception>
    public async Task<IReadOnlyList<IReadOnlyList<JsonElement>>> RowsAsync(string cypher, object? parameters = null, CancellationToken cancel = default)
    {
        var request = new { statements = new[] { new { statement = cypher, parameters = parameters ?? new { } } } };
        using var response = await _http.PostAsJsonAsync("/db/data/transaction/commit", request, JsonSerializerOptions.Default, cancel);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancel);
        foreach (var error in answer.GetProperty("errors").EnumerateArray())
            throw new InvalidOperationException($"{error.GetProperty("code")}: {error.GetProperty("message")}");
        return [.. answer.GetProperty("results")[0].GetProperty("data").EnumerateArray()
            .Select(data => (IReadOnlyList<JsonElement>)[.. data.GetProperty("row").EnumerateArray()])];
    }

    public ValueTask DisposeAsync()
    {
        Kill();
        System.IO.Directory.Delete(Directory, recursive: true);
        Release(_process);
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private ProcessStartInfo StartInfo()
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, WorkingDirectory = Directory };
        string[] args =
        [
            "-c", Launch, "neo4j", Directory, Java!, .. JvmOptions, "-cp", $"{Home}/lib/*:{Home}/plugins/*",
            "org.neo4j.server.CommunityEntryPoint", $"--home-dir={Directory}", $"--config-dir={Directory}/conf",
        ];
        foreach (var arg in args) start.ArgumentList.Add(arg);
        // What the shell announces would be one more line in every log.
        start.Environment.Remove("JAVA_TOOL_OPTIONS");
        return start;
    }

    private void Configure()
    {
        foreach (var folder in new[] { "conf", "data", "logs" }) System.IO.Directory.CreateDirectory(Path.Combine(Directory, folder));
        File.WriteAllText(Path.Combine(Directory, "conf", "neo4j.conf"),
            $"""
            dbms.security.auth_enabled={(_password is null ? "false" : "true")}
            dbms.connector.http.enabled=true
            dbms.connector.http.listen_address={Uri.Host}:{Uri.Port}
            dbms.connector.https.enabled=false
            dbms.connector.bolt.enabled=false
            dbms.memory.pagecache.size=64m
            dbms.tx_log.rotation.retention_policy=1 files
            dbms.udc.enabled=false

            """);
    }

    private async Task WaitUntilItAnswersAsync(CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            if (_process!.HasExited) throw new InvalidOperationException($"Neo4j ended with {_process.ExitCode} instead of starting:\n{EndOfLog()}");
            if (watch.Elapsed > Patience) throw new InvalidOperationException($"Neo4j does not answer after {Patience.TotalMinutes} minutes:\n{EndOfLog()}");
            try
            {
                // It listens only after the database has recovered.
                using var response = await _http.GetAsync("/", cancel);
                if (response.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }
            await Task.Delay(50, cancel);
        }
    }

    /// <summary>A new server lets nobody do anything before the initial password is changed.</summary>
    private async Task SetPasswordAsync(string password, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/user/{User}/password")
        {
            Headers = { Authorization = Basic("neo4j") },
            Content = JsonContent.Create(new { password }),
        };
        using var response = await _http.SendAsync(request, cancel);
        if (!response.IsSuccessStatusCode)
            throw new InvalidOperationException($"The password was not set: {response.StatusCode} {await response.Content.ReadAsStringAsync(cancel)}\n{EndOfLog()}");
    }

    private AuthenticationHeaderValue Basic(string password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{password}")));

    private string EndOfLog() => string.Join('\n', File.ReadLines(Path.Combine(Directory, "logs", "console.log")).TakeLast(30));

    /// <summary>Tells the watch of a dead JVM that all is well: it goes, and leaves the directory and a number that others may have now.</summary>
    private static void Release(Process? process)
    {
        if (process is null) return;
        try
        {
            process.StandardInput.WriteLine("done");
            process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // The watch was ended by somebody else.
        }
        process.Dispose();
    }

    /// <summary>
    /// Below the range from which the system gives ports to outgoing connections, so that none has taken it when the server
    /// starts again; from another place in every process, so that two do not find the same one.
    /// </summary>
    private static int FreePort()
    {
        const int First = 11_000, Count = 8_000;
        while (true)
        {
            var port = First + (int)((Environment.ProcessId * 37L + Interlocked.Increment(ref s_ports)) % Count);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: the next.
            }
        }
    }

    private static string? FindJava()
    {
        var folders = Environment.GetEnvironmentVariable("JAVA_HOME") is { Length: > 0 } home
            ? [Path.Combine(home, "bin")]
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return folders.Select(folder => Path.Combine(folder, "java")).FirstOrDefault(File.Exists);
    }

    private static string? FindHome()
    {
        if (Environment.GetEnvironmentVariable("GRAPHREC_NEO4J_HOME") is { Length: > 0 } said) return System.IO.Directory.Exists(said) ? said : null;
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var home = Path.Combine(folder, ".tools", Version);
            if (System.IO.Directory.Exists(home)) return home;
            if (File.Exists(Path.Combine(folder, "GraphRec.sln"))) return null;
        }
        return null;
    }
}
