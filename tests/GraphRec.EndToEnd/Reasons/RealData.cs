using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Learning.Simulation;
using GraphRec.Recommend;
using GraphRec.Recommend.Sources;
using GraphRec.Storage.Embedded;
using GraphRec.Storage.Files;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

[assembly: AssemblyFixture(typeof(GraphRec.EndToEnd.Reasons.SeedData))]
[assembly: AssemblyFixture(typeof(GraphRec.EndToEnd.Reasons.MovieLensData))]

namespace GraphRec.EndToEnd.Reasons;

/// <summary>A store filled the way the product fills it, and a recommender over it whose clock stands still.</summary>
public abstract class RealData : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("graphrec-reasons-").FullName;
    private readonly Lazy<IReadOnlyList<HomePage>> _pages;
    private EmbeddedStore? _store;

    protected RealData() => _pages = new Lazy<IReadOnlyList<HomePage>>(
        () => Viewers(200).Select(v => Recommender.Home(v, 8, 12, RequestContext.None, CancellationToken.None)).ToList());

    public abstract DateTimeOffset Now { get; }
    public GraphExport Export { get; private set; } = null!;
    public LiveGraph Graph { get; private set; } = null!;

    /// <summary>What a model says that was trained on all events.</summary>
    public TrainedLists Trained { get; private set; } = null!;
    public Recommender Recommender { get; private set; } = null!;

    /// <summary>The pages of 200 viewers, made once and looked at by many tests.</summary>
    public IReadOnlyList<HomePage> Pages => _pages.Value;

    /// <summary>Why the data is not here; null when it is.</summary>
    public string? Missing { get; private set; }

    /// <summary>The database file, to be asked by other means than the product's.</summary>
    public string Database => Path.Combine(_directory, EmbeddedStore.FileName);

    public async ValueTask InitializeAsync()
    {
        _store = await EmbeddedStore.OpenAsync(_directory);
        Missing = await FillAsync(_store);
        if (Missing is not null) return;
        Export = await _store.Export.ReadAsync();
        Graph = new LiveGraph(Export);
        Trained = await EndToEnd.Trained.OnAsync(_store, Export);
        Recommender = new Recommender(Graph, Recipe.Default, new StoppedClock(Now), trained: Trained);
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
        Directory.Delete(_directory, true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Viewers spread over all of them, the same ones every time.</summary>
    public IEnumerable<string> Viewers(int count)
    {
        var users = Graph.State.Snapshot.Graph.Nodes(NodeKind.User);
        for (var i = 0; i < count; i++) yield return users[(int)((long)i * users.Count / count)];
    }

    protected abstract Task<string?> FillAsync(EmbeddedStore store);

    protected static async Task ImportAsync(EmbeddedStore store, string path)
    {
        var report = await new Importer(TimeProvider.System).RunAsync(
            new ImportRequest(path), new ImportStores(store.Catalog, store.Events, store.Graph, store.Checkpoints));
        Assert.True(report.Accepted > 0);
    }

    protected static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "GraphRec.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}

/// <summary>The catalogue that comes with the product, with its 2,000 simulated viewers.</summary>
public sealed class SeedData : RealData
{
    public override DateTimeOffset Now => new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);

    protected override async Task<string?> FillAsync(EmbeddedStore store)
    {
        await ImportAsync(store, Path.Combine(Root(), "seed", "catalog"));
        var export = await store.Export.ReadAsync();
        var catalogue = new CatalogBatch(export.Dramas, export.People, export.Credits);
        foreach (var batch in new ViewerSimulator(catalogue, new SimulationOptions { Until = Now }).Run().Chunk(5000))
            await store.Graph.ApplyAsync(await store.Events.AppendAsync(batch));
        return null;
    }
}

/// <summary>MovieLens latest-small with cast, which may not be shipped: found by GRAPHREC_MOVIELENS or beside the repository.</summary>
public sealed class MovieLensData : RealData
{
    public override DateTimeOffset Now => new(2018, 9, 25, 0, 0, 0, TimeSpan.Zero);

    protected override async Task<string?> FillAsync(EmbeddedStore store)
    {
        var folder = Environment.GetEnvironmentVariable("GRAPHREC_MOVIELENS") ?? Path.Combine(Root(), "..", "shared", "data", "ml-latest-small-cast");
        if (!File.Exists(Path.Combine(folder, "ratings.csv"))) return "MovieLens with cast is not on this machine; set GRAPHREC_MOVIELENS to its folder.";
        await ImportAsync(store, folder);
        return null;
    }
}
