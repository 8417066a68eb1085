using System.Net.Http.Json;
using System.Text.Json;
using GraphRec.Api;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Learning.Simulation;
using GraphRec.Recommend;
using GraphRec.Storage.Embedded;
using GraphRec.Storage.Files;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GraphRec.EndToEnd;

/// <summary>What a test's server is started with.</summary>
public sealed record ServerSetup
{
    /// <summary>The folder under <c>seed/</c> to import.</summary>
    public string Seed { get; init; } = "tiny";

    /// <summary>Viewers to simulate; none when null.</summary>
    public SimulationOptions? Viewers { get; init; }

    /// <summary>Whether a collaborative model is trained on them, as <c>serve</c> does.</summary>
    public bool Train { get; init; }
    public ApiOptions Options { get; init; } = new();
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public Recipe Recipe { get; init; } = Recipe.Default;

    /// <summary>Where candidates come from beside the snapshot.</summary>
    public StoredCandidates? Candidates { get; init; }

    /// <summary>Stands before the store's own log, to make it slow or broken.</summary>
    public Func<IEventLog, IEventLog> EventLog { get; init; } = log => log;

    /// <summary>Stands before the store's own export, to make it slow or broken for the health check.</summary>
    public Func<IGraphExport, IGraphExport> Export { get; init; } = export => export;

    /// <summary>Receives what is logged.</summary>
    public ILoggerProvider? Logs { get; init; }
}

/// <summary>The product as it is served: real store, importer, graph, recommender and Kestrel, on a free port of this machine.</summary>
public sealed class Server : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly EmbeddedStore _store;
    private readonly string _directory;

    private Server(WebApplication app, EmbeddedStore store, string directory)
    {
        (_app, _store, _directory) = (app, store, directory);
        Url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Client = new HttpClient { BaseAddress = Url };
    }

    public Uri Url { get; }
    public HttpClient Client { get; }
    public IServiceProvider Services => _app.Services;
    public EmbeddedStore Store => _store;

    /// <summary>The store's file, to change what only a curator with a database tool can.</summary>
    public string DataFile => Path.Combine(_directory, "graphrec.db");
    public LiveGraph Graph => Services.GetRequiredService<LiveGraph>();

    /// <summary>The repository's root.</summary>
    public static string Root { get; } = FindRoot();

    public static async Task<Server> StartAsync(ServerSetup setup)
    {
        var directory = Directory.CreateTempSubdirectory("graphrec-e2e-").FullName;
        var store = await EmbeddedStore.OpenAsync(directory);
        var report = await new Importer(TimeProvider.System).RunAsync(
            new ImportRequest(Path.Combine(Root, "seed", setup.Seed)) { Strict = true },
            new ImportStores(store.Catalog, store.Events, store.Graph, store.Checkpoints));
        if (report.Rejected > 0) throw new InvalidOperationException($"seed/{setup.Seed} has {report.Rejected} bad lines.");
        if (setup.Viewers is { } viewers) await SimulateAsync(store, viewers);
        var export = await store.Export.ReadAsync();
        var trained = setup.Train ? await Trained.OnAsync(store, export) : null;
        var graph = new LiveGraph(export);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(setup.Clock);
        builder.Services.AddSingleton(graph);
        builder.Services.AddSingleton(setup.Export(store.Export));
        builder.Services.AddSingleton(new Recommender(graph, setup.Recipe, setup.Clock, candidates: setup.Candidates, trained: trained));
        builder.Services.AddSingleton(new EventPipeline(setup.EventLog(store.Events), store.Graph, graph, setup.Clock));
        builder.Services.AddGraphRecApi(setup.Options);
        builder.Logging.ClearProviders();
        if (setup.Logs is not null) builder.Logging.AddProvider(setup.Logs);
        var app = builder.Build();
        app.MapGraphRecApi();
        await app.StartAsync();
        return new Server(app, store, directory);
    }

    /// <summary>Posts a query and returns the response document.</summary>
    public async Task<JsonElement> AskAsync(string query, object? variables = null)
    {
        using var response = await Client.PostAsJsonAsync("/graphql", new { query, variables });
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Posts a query that must succeed and returns its data.</summary>
    public async Task<JsonElement> DataAsync(string query, object? variables = null)
    {
        var answer = await AskAsync(query, variables);
        return answer.TryGetProperty("errors", out var errors) ? throw new InvalidOperationException(errors.ToString()) : answer.GetProperty("data");
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static async Task SimulateAsync(EmbeddedStore store, SimulationOptions options)
    {
        var export = await store.Export.ReadAsync();
        var events = new ViewerSimulator(new CatalogBatch(export.Dramas, export.People, export.Credits), options).Run();
        foreach (var batch in events.Chunk(5000)) await store.Graph.ApplyAsync(await store.Events.AppendAsync(batch));
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "GraphRec.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("GraphRec.sln is not above the tests.");
        return folder;
    }
}

/// <summary>A server over the tiny teaching graph, shared by the tests of one class.</summary>
public sealed class TinyServer : IAsyncLifetime
{
    public Server Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await Server.StartAsync(new ServerSetup());

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

/// <summary>A server over the real catalogue with simulated viewers, shared by the tests of one class.</summary>
public sealed class CatalogueServer : IAsyncLifetime
{
    public static readonly SimulationOptions Viewers = new() { Viewers = 400, TargetEvents = 30_000 };

    public Server Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await Server.StartAsync(new ServerSetup { Seed = "catalog", Viewers = Viewers, Clock = new FixedClock(Viewers.Until) });

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

/// <summary>Always the same time of day, while elapsed time still passes.</summary>
public sealed class FixedClock(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}
