using System.CommandLine;
using System.Net.Sockets;
using GraphRec.Api;
using GraphRec.Cli.Hosting;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Recommend;
using GraphRec.Storage.Embedded;
using Spectre.Console;

namespace GraphRec.Cli.Commands;

/// <summary><c>graphrec serve</c>: one command that fills an empty data directory and answers over HTTP.</summary>
public static class ServeCommand
{
    /// <summary>How long requests that have begun may take after a stop was asked for.</summary>
    private static readonly TimeSpan FinishWithin = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        var urls = Options.Text("--urls", "URL", "Where to listen; several are separated by ';'.", "http://localhost:5080");
        var empty = new Option<bool>("--no-seed") { Description = "Do not fill an empty data directory." };
        var (data, recipe, until) = (Options.Data(), Options.Recipe(), Options.Until());
        data.Description = "The data directory. Created when it is missing, filled when it is empty.";
        until.Description += " Counts when the data directory is filled.";
        var command = new Command("serve", "Answer over HTTP; an empty data directory is first filled with a catalogue and simulated viewers.") { data, urls, recipe, empty, until };
        command.SetAction(async (parsed, cancel) =>
        {
            var tuned = Workbench.RecipeOf(parsed.GetValue(recipe));
            var addresses = Addresses.Parse(parsed.GetRequiredValue(urls));
            await using var store = await EmbeddedStore.OpenAsync(parsed.GetRequiredValue(data), null, cancel);
            Addresses.RefuseTaken(addresses);
            if (!parsed.GetValue(empty)) await FillAsync(store, Options.UntilOf(parsed.GetValue(until)), cancel);
            await store.CatchUpAsync(cancel);
            await RunAsync(store, tuned, addresses, cancel);
            return Errors.Ok;
        });
        return command;
    }

    private static async Task FillAsync(EmbeddedStore store, DateTimeOffset until, CancellationToken cancel)
    {
        var version = await store.Export.VersionAsync(cancel);
        var seeded = await store.Checkpoints.FindAsync(Seeding.Marker, cancel);
        if (seeded is { Complete: true } || (seeded is null && (version.CatalogRevision > 0 || await store.Events.LastSequenceAsync(cancel) > 0))) return;
        await Seeding.FillAsync(store, until, cancel);
    }

    private static async Task<WebApplication> BuildAsync(EmbeddedStore store, Recipe recipe, IReadOnlyList<string> urls, Func<bool> started, CancellationToken cancel)
    {
        var clock = TimeProvider.System;
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseUrls([.. urls]);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = FinishWithin);
        // A start that fails is told in one sentence below, not with a stack trace.
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => started() && level >= LogLevel.Warning);
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

    private static async Task RunAsync(EmbeddedStore store, Recipe recipe, IReadOnlyList<string> urls, CancellationToken cancel)
    {
        var started = false;
        await using var app = await BuildAsync(store, recipe, urls, () => started, cancel);
        try
        {
            await app.StartAsync(cancel);
        }
        catch (Exception e) when (e is IOException or SocketException or InvalidOperationException)
        {
            throw new InvalidInputException(ErrorCodes.BadUserInput, $"Cannot listen on {string.Join(';', urls)}: {e.Message} Choose another address with --urls.");
        }
        started = true;
        var address = app.Urls.First();
        Errors.Console.WriteLine($"GraphRec answers on {address}/graphql; a page to look at is on {address}/ (Ctrl-C stops it).");
        await app.WaitForShutdownAsync(cancel);
        Errors.Console.WriteLine("Stopped.");
    }
}
