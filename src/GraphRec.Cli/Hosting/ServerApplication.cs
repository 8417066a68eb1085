using GraphRec.Api;
using GraphRec.Graph;
using GraphRec.Recommend;
using GraphRec.Storage.Neo4j;

namespace GraphRec.Cli.Hosting;

/// <summary>What a server is built with, beside its stores.</summary>
internal sealed record ServerSettings(Recipe Recipe, CandidateEngine Candidates, IReadOnlyList<string> Urls, string Data);

/// <summary>Puts the server together from its stores.</summary>
internal static class ServerApplication
{
    /// <summary>How long requests that have begun may take after a stop was asked for.</summary>
    private static readonly TimeSpan FinishWithin = TimeSpan.FromSeconds(10);

    /// <summary>A Neo4j that is gone is noticed within this time also when nothing is recorded.</summary>
    private static readonly TimeSpan LookAfterNeo4j = TimeSpan.FromSeconds(1);

    public static async Task<WebApplication> BuildAsync(Stores store, ServerSettings settings, Func<bool> started, CancellationToken cancel)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseUrls([.. settings.Urls]);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = FinishWithin);
        // A start that fails is told in one sentence by the command, not with a stack trace.
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => started() && level >= LogLevel.Warning);
        var models = new ModelWatch(settings.Data, TimeProvider.System, cancel);
        Register(builder.Services, store, settings, new LiveGraph(await store.Export.ReadAsync(cancel)), models);
        builder.Services.AddGraphRecApi(new ApiOptions { Backend = store.Backend, ServesWithoutStore = store.Neo4j is not null });
        return builder.Build().MapGraphRecApi();
    }

    private static void Register(IServiceCollection services, Stores store, ServerSettings settings, LiveGraph graph, ModelWatch models)
    {
        var (clock, health, rebuild) = (TimeProvider.System, new StoreHealth(), new RebuildOptions());
        services.AddSingleton(clock);
        services.AddSingleton(graph);
        services.AddSingleton(health);
        services.AddSingleton(store.Export);
        if (store.Neo4j is { } neo4j)
        {
            var delivery = new EventDelivery(store.Events, neo4j.Graph, health, new DeliveryOptions(), clock);
            services.AddSingleton(delivery);
            services.AddSingleton(new ImpressionDelivery(neo4j.Impressions, new DeliveryOptions(), clock));
            services.AddSingleton(new EventPipeline(store.Events, delivery, graph, clock));
            services.AddSingleton(neo4j.Watch(Subscriber(graph, health)));
            rebuild = rebuild with { Poll = LookAfterNeo4j };
            if (settings.Candidates == CandidateEngine.Cypher)
            {
                services.AddSingleton(new StoredCandidates(neo4j.Derived, new CandidateOptions(), clock));
                services.AddSingleton(new DerivedUpkeep(neo4j.Derived, graph, settings.Recipe, new UpkeepOptions(), clock));
            }
        }
        else
        {
            services.AddSingleton(new EventPipeline(store.Events, store.Graph, graph, clock));
        }
        services.AddSingleton(provider => new ImpressionRecorder(store.Directory.Impressions, provider.GetService<ImpressionDelivery>()));
        services.AddSingleton(provider => new Recommender(
            graph, settings.Recipe, clock, provider.GetRequiredService<ImpressionRecorder>(), health, provider.GetService<StoredCandidates>(), models.AtStart, models.RankerAtStart));
        services.AddSingleton(models);
        services.AddSingleton(new GraphRebuilder(store.Export, graph, rebuild, clock, health));
        services.AddHostedService<BackgroundWork>();
    }

    /// <summary>Puts what curators edited into the graph in serving.</summary>
    private static CatalogSubscriber Subscriber(LiveGraph graph, StoreHealth health) => new(
        () => graph.State.Snapshot is var snapshot ? (snapshot.Catalog, snapshot.Version.CatalogRevision, snapshot.StoreIssues) : default,
        (catalog, revision, issues) => graph.ReplaceCatalog(catalog, revision, issues),
        failure => health.Tell("the watch for edits", failure));
}
