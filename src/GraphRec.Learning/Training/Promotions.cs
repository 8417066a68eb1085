using System.Globalization;
using GraphRec.Core;

namespace GraphRec.Learning.Training;

/// <summary>A change of the version that is served.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="How">One of the names of <see cref="Promotions"/>.</param>
/// <param name="Version">The version that is served from then on.</param>
public sealed record Promotion(DateTimeOffset At, string How, string Version);

/// <summary>
/// Which version is served and which were before: the file <c>models/current</c>. Its first line names the version that is served;
/// the lines below are the history, oldest first, each with a time, how the change came about, and the version served from then on.
/// One file, changed by one rename, so that a reader finds the state before a change or the one after it, and never a pointer without
/// its history. A first line that somebody wrote by hand counts as a promotion; without the file nothing is served.
/// </summary>
public sealed class Promotions(string root)
{
    /// <summary>The gate let it through.</summary>
    public const string Passed = "passed";

    /// <summary>Trained with the order to promote it whatever the gate says.</summary>
    public const string Forced = "forced";

    /// <summary>Somebody promoted it.</summary>
    public const string ByHand = "by-hand";

    /// <summary>Somebody went back to it.</summary>
    public const string RolledBack = "rolled-back";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private string Pointer => Path.Combine(root, "current");

    /// <summary>The version that is served; null for none.</summary>
    public string? Current => Lines().FirstOrDefault();

    /// <summary>Every change, oldest first.</summary>
    public IReadOnlyList<Promotion> History => [.. Lines().Skip(1).Select(Read)];

    /// <summary>The version that is served, then the one that was before, and so on; what was rolled back is not among them.</summary>
    public IReadOnlyList<string> Served
    {
        get
        {
            var stack = new List<string>();
            foreach (var change in History)
            {
                var again = change.How == RolledBack ? stack.LastIndexOf(change.Version) : -1;
                if (again >= 0) stack.RemoveRange(again + 1, stack.Count - again - 1);
                else if (stack.LastOrDefault() != change.Version) stack.Add(change.Version);
            }
            if (Current is { } current && stack.LastOrDefault() != current) stack.Add(current);
            stack.Reverse();
            return stack;
        }
    }

    /// <summary>Names a version, which must be whole, as the one that is served.</summary>
    public void Promote(string version, string how, DateTimeOffset at)
    {
        using var turn = Turn();
        Append(new Promotion(at, how, version));
    }

    /// <summary>Goes back to the version that was served before this one, or further, to the last that is good.</summary>
    /// <param name="check">Throws <see cref="InvalidInputException"/> for a version that cannot be served.</param>
    /// <param name="at">When, UTC.</param>
    /// <returns>The version that is served now, and why others were passed over.</returns>
    /// <exception cref="InvalidInputException">There is none before; nothing was changed.</exception>
    public (string Version, IReadOnlyList<string> PassedOver) Rollback(Action<string> check, DateTimeOffset at)
    {
        List<string> passedOver = [];
        // Before there is a place for it, nothing can be gone back to.
        using var turn = Current is null ? null : Turn();
        foreach (var version in Served.Skip(1))
        {
            try
            {
                check(version);
                Append(new Promotion(at, RolledBack, version));
                return (version, passedOver);
            }
            catch (InvalidInputException e)
            {
                passedOver.Add($"{version} was passed over: {e.Message}");
            }
        }
        throw new InvalidInputException(
            ErrorCodes.BadUserInput, $"There is no version to go back to{string.Concat(passedOver.Select(why => $"; {why}"))}. Promote one by name, or delete {Pointer} to serve without a model.");
    }

    private void Append(Promotion change)
    {
        var written = Pointer + ".writing";
        string[] lines = [change.Version, .. Lines().Skip(1), Written(change)];
        using (var file = new FileStream(written, FileMode.Create))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines) + '\n'));
            file.Flush(flushToDisk: true);
        }
        File.Move(written, Pointer, overwrite: true);
    }

    private static string Written(Promotion change) => string.Create(CultureInfo.InvariantCulture, $"{change.At.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} {change.How} {change.Version}");

    private Promotion Read(string line)
    {
        var words = line.Split(' ');
        if (words.Length == 3 && DateTimeOffset.TryParse(words[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)) return new Promotion(at, words[1], words[2]);
        throw new InvalidInputException(ErrorCodes.BadUserInput, $"{Pointer} has the line '{line}', which is no time, kind of change and version; take it out.");
    }

    private string[] Lines()
    {
        try
        {
            return [.. File.ReadAllLines(Pointer).Select(line => line.Trim()).Where(line => line.Length > 0)];
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
    }

    /// <summary>Waits until nobody else changes the file: a change is read, then written.</summary>
    private FileStream Turn()
    {
        Directory.CreateDirectory(root);
        for (var waited = TimeSpan.Zero; ; waited += TimeSpan.FromMilliseconds(50))
        {
            try
            {
                return new FileStream(Path.Combine(root, "current.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (waited < Patience)
            {
                Thread.Sleep(50);
            }
        }
    }
}
