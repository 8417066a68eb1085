using System.CommandLine;
using GraphRec.Api;
using GraphRec.Cli.Hosting;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Learning.Simulation;
using GraphRec.Recommend;
using GraphRec.Storage.Embedded;
using Spectre.Console;

namespace GraphRec.Cli.Commands;

/// <summary><c>graphrec serve</c>: one command that fills an empty data directory and answers over HTTP.</summary>
public static class ServeCommand
{
    public static Command Create()
    {
        var urls = new Option<string>("--urls") { Description = "Where to listen; several are separated by ';'.", HelpName = "URL", DefaultValueFactory = _ => "http://localhost:5080" };
        var empty = new Option<bool>("--no-seed") { Description = "Do not fill an empty data directory." };
        var (data, recipe, until) = (Workbench.DataOption(), Workbench.RecipeOption(), SimulateCommand.UntilOption());
        var command = new Command(
            "serve",
            """
            Answer over HTTP: a page at /, GraphQL at /graphql, /health/ready, /metrics. An empty data directory is first
            filled with the drama catalogue that comes with GraphRec and with simulated viewers.
            """) { data, urls, recipe, empty, until };
        command.SetAction((parsed, cancel) => Errors.GuardAsync(async () =>
        {
            var tuned = Workbench.RecipeOf(parsed.GetValue(recipe));
            await using var store = await EmbeddedStore.OpenAsync(parsed.GetValue(data)!, null, cancel);
            if (!parsed.GetValue(empty)) await FillAsync(store, SimulateCommand.UntilOf(parsed.GetValue(until)), cancel);
            await store.CatchUpAsync(cancel);
            await RunAsync(store, tuned, parsed.GetValue(urls)!, cancel);
            return Errors.Ok;
        }));
        return command;
    }

    /// <summary>The web application over an open store; tests start it the same way.</summary>
    public static async Task<WebApplication> BuildAsync(EmbeddedStore store, Recipe recipe, string urls, TimeProvider clock, CancellationToken cancel)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseUrls(urls);
        var graph = new LiveGraph(await store.Export.ReadAsync(cancel));
        builder.Services.AddSingleton(clock);
        builder.Services.AddSingleton(graph);
        builder.Services.AddSingleton(store.Export);
        builder.Services.AddSingleton(new ImpressionRecorder(store.Impressions));
        builder.Services.AddSingleton(services => new Recommender(graph, recipe, clock, services.GetRequiredService<ImpressionRecorder>()));
        builder.Services.AddSingleton(new EventPipeline(store.Events, store.Graph, graph, clock));
        builder.Services.AddSingleton(new GraphRebuilder(store.Export, graph, new RebuildOptions(), clock));
        builder.Services.AddHostedService<BackgroundWork>();
        builder.Services.AddGraphRecApi(new ApiOptions());
        return builder.Build().MapGraphRecApi();
    }

    private static async Task FillAsync(EmbeddedStore store, DateTimeOffset until, CancellationToken cancel)
    {
        var version = await store.Export.VersionAsync(cancel);
        var seeded = await store.Checkpoints.FindAsync(Seeding.Marker, cancel);
        if (seeded is { Complete: true } || (seeded is null && (version.CatalogRevision > 0 || await store.Events.LastSequenceAsync(cancel) > 0))) return;
        await Seeding.FillAsync(store, until, cancel);
    }

    private static async Task RunAsync(EmbeddedStore store, Recipe recipe, string urls, CancellationToken cancel)
    {
        await using var app = await BuildAsync(store, recipe, urls, TimeProvider.System, cancel);
        try
        {
            await app.StartAsync(cancel);
        }
        catch (IOException e)
        {
            throw new InvalidInputException(ErrorCodes.BadUserInput, $"Cannot listen on {urls}: {e.Message} Choose another address with --urls.");
        }
        var address = app.Urls.First();
        Errors.Console.WriteLine($"GraphRec answers on {address}/graphql, a page to look at is on {address}/ (Ctrl-C stops it).");
        await app.WaitForShutdownAsync(cancel);
    }
}
