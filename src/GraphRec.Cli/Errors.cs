using GraphRec.Core;
using Spectre.Console;

namespace GraphRec.Cli;

/// <summary>The exit codes of every command, and how errors are told to a person.</summary>
public static class Errors
{
    public const int Ok = 0;

    /// <summary>The input or an argument is wrong; nothing was done, or what was done is said.</summary>
    public const int BadInput = 1;

    /// <summary>It finished, but left something out that it named: lines of an import, models of an evaluation.</summary>
    public const int Incomplete = 2;

    /// <summary>A strict import stopped at a bad line.</summary>
    public const int StoppedAtBadLine = 3;

    /// <summary><c>doctor</c> found something.</summary>
    public const int IssuesFound = 4;

    /// <summary>A store could not be used.</summary>
    public const int StoreFailed = 5;

    /// <summary>A copy is finished, and differs from its source.</summary>
    public const int CopyDiffers = 6;

    /// <summary><c>compare</c>: chance may explain the difference.</summary>
    public const int NoDifference = 7;

    /// <summary><c>compare</c>: the second is better.</summary>
    public const int SecondIsBetter = 8;

    /// <summary><c>train</c>: the version did not pass the gate, and is kept as a candidate.</summary>
    public const int NotPromoted = 9;

    /// <summary>A defect of GraphRec.</summary>
    public const int Defect = 70;

    /// <summary>Stopped by Ctrl-C or a signal.</summary>
    public const int Cancelled = 130;

    /// <summary>Where errors and progress go, so that standard output holds the answer alone.</summary>
    public static IAnsiConsole Console => Terminal.Messages;

    /// <summary>Runs an action and turns what can go wrong into a message and an exit code.</summary>
    public static async Task<int> GuardAsync(Func<Task<int>> action)
    {
        try
        {
            return await action();
        }
        catch (InvalidInputException e)
        {
            return Say(e.Message);
        }
        catch (StorageException e)
        {
            return Say(e.Message + (e.Retryable ? " Trying again later may work." : ""), StoreFailed);
        }
        catch (OperationCanceledException)
        {
            return Say("Stopped. What was finished is kept; the same command goes on from there.", Cancelled);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Say(e.Message);
        }
        catch (Exception e)
        {
            return Say($"This is a defect of GraphRec; please report it with the lines below.\n{e}", Defect);
        }
    }

    /// <summary>Tells an error and returns its exit code.</summary>
    public static int Say(string message, int code = BadInput)
    {
        Console.MarkupLineInterpolated($"[red]error:[/] {message}");
        return code;
    }
}
