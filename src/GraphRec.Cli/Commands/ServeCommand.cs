using System.CommandLine;
using System.Net.Sockets;
using GraphRec.Cli.Hosting;
using GraphRec.Core;
using Spectre.Console;

namespace GraphRec.Cli.Commands;

/// <summary><c>graphrec serve</c>: one command that fills an empty graph and answers over HTTP.</summary>
public static class ServeCommand
{
    /// <summary>How long to wait for a Neo4j that is started at the same time.</summary>
    private static readonly TimeSpan Neo4jStartsWithin = TimeSpan.FromSeconds(30);

    public static Command Create()
    {
        var urls = Options.Text("--urls", "URL", "Where to listen; several are separated by ';'.", "http://localhost:5080");
        var empty = new Option<bool>("--no-seed") { Description = "Do not fill what is empty, nor train." };
        var (stores, recipe, until) = (new StoreOptions(), Options.Recipe(), Options.Until());
        stores.Data.Description = "The data directory. Created when it is missing, filled when it is empty.";
        until.Description += " Counts when the graph is filled.";
        var command = new Command("serve", "Answer over HTTP; an empty data directory or Neo4j is first filled with a catalogue and simulated viewers, and a collaborative model trained on them.") { urls, recipe, empty, until };
        stores.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var tuned = Workbench.RecipeOf(parsed.GetValue(recipe));
            var addresses = Addresses.Parse(parsed.GetRequiredValue(urls));
            var settings = stores.Read(parsed);
            await using var store = await Stores.OpenAsync(settings, Neo4jStartsWithin, () => Addresses.RefuseTaken(addresses), cancel);
            if (!parsed.GetValue(empty)) await FillAsync(store, Options.UntilOf(parsed.GetValue(until)), cancel);
            await store.CatchUpAsync(cancel);
            if (!parsed.GetValue(empty)) await Training.FirstAsync(settings.Data, store, cancel);
            await RunAsync(store, new ServerSettings(tuned, settings.Candidates, addresses, settings.Data), cancel);
            return Errors.Ok;
        });
        return command;
    }

    private static async Task FillAsync(Stores store, DateTimeOffset until, CancellationToken cancel)
    {
        var version = await store.Export.VersionAsync(cancel);
        var seeded = await store.Checkpoints.FindAsync(Seeding.Marker, cancel);
        if (seeded is { Complete: true } || (seeded is null && (version.CatalogRevision > 0 || await store.Events.LastSequenceAsync(cancel) > 0))) return;
        await Seeding.FillAsync(store, until, cancel);
    }

    private static async Task RunAsync(Stores store, ServerSettings settings, CancellationToken cancel)
    {
        var started = false;
        await using var app = await ServerApplication.BuildAsync(store, settings, () => started, cancel);
        try
        {
            await app.StartAsync(cancel);
        }
        catch (Exception e) when (e is IOException or SocketException or InvalidOperationException)
        {
            throw new InvalidInputException(ErrorCodes.BadUserInput, $"Cannot listen on {string.Join(';', settings.Urls)}: {e.Message} Choose another address with --urls.");
        }
        started = true;
        var address = app.Urls.First();
        Errors.Console.WriteLine($"GraphRec answers on {address}/graphql; a page to look at is on {address}/ (Ctrl-C stops it).");
        await app.WaitForShutdownAsync(cancel);
        Errors.Console.WriteLine("Stopped.");
    }
}
