using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace GraphRec.EndToEnd.Cli;

/// <summary>A running <c>graphrec serve</c> and a client of it.</summary>
internal sealed partial class Serving : IDisposable
{
    private Serving(GraphRecProgram program, Uri url) => (Program, Client) = (program, new HttpClient { BaseAddress = url });

    public GraphRecProgram Program { get; }
    public HttpClient Client { get; }

    /// <summary>Starts it on a free port and waits until it answers.</summary>
    public static async Task<Serving> StartAsync(string data, params string[] more)
    {
        return await WhenItAnswersAsync(GraphRecProgram.Start(["serve", "--data", data, "--urls", "http://127.0.0.1:0", .. more]));
    }

    /// <summary>Waits until a <c>serve</c> that was started answers.</summary>
    public static async Task<Serving> WhenItAnswersAsync(GraphRecProgram program)
    {
        try
        {
            await WaitAsync(program, () => Answers().IsMatch(program.Error));
        }
        catch
        {
            program.Dispose();
            throw;
        }
        return new Serving(program, new Uri(Answers().Match(program.Error).Groups[1].Value));
    }

    /// <summary>Waits for something to be true of a program that runs.</summary>
    public static async Task WaitAsync(GraphRecProgram program, Func<bool> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (program.HasExited) Assert.Fail($"graphrec ended early: {program.Error}");
            if (watch.Elapsed > GraphRecProgram.Patience) throw new TimeoutException($"graphrec is not there after {watch.Elapsed}: {program.Error}");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Posts a query that must succeed and returns its data.</summary>
    public async Task<JsonElement> DataAsync(string query, object? variables = null)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var response = await Client.PostAsJsonAsync("/graphql", new { query, variables }, cancel);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancel);
        return answer.TryGetProperty("errors", out var errors) ? throw new InvalidOperationException(errors.ToString()) : answer.GetProperty("data");
    }

    /// <summary>Records one event, which must be new.</summary>
    public async Task RecordAsync(string userId, string dramaId, string kind, double? value = null)
    {
        var payload = (await DataAsync(Queries.Record, new { events = new[] { new { userId, dramaId, kind, value } } })).GetProperty("recordEvents");
        Assert.Equal((1, 0), (payload.GetProperty("accepted").GetInt32(), payload.GetProperty("errors").GetArrayLength()));
    }

    /// <summary>Stops it as Ctrl-C does; it must end well.</summary>
    public async Task StopAsync()
    {
        Program.Interrupt();
        var ran = await Program.EndAsync();
        Assert.Equal(0, ran.Exit);
    }

    public void Dispose()
    {
        Client.Dispose();
        Program.Dispose();
    }

    [GeneratedRegex("GraphRec answers on (http://[^/]+)/graphql")]
    private static partial Regex Answers();
}
