using System.Globalization;
using System.Text;
using GraphRec.Core;

namespace GraphRec.Cli;

/// <summary>A path as one line of text.</summary>
public static class PathText
{
    /// <summary>Nodes by name, edges as arrows: <c>ann -WATCHED {…}-> Goblin &lt;-ACTED_IN {…}- Gong Yoo</c>.</summary>
    public static string Of(GraphPath path)
    {
        var text = new StringBuilder(path.Nodes[0].Label);
        for (var i = 0; i < path.Edges.Count; i++)
        {
            var edge = path.Edges[i];
            var name = edge.Detail is null ? edge.Type.Name() : $"{edge.Type.Name()} {{{edge.Detail}}}";
            text.Append(edge.From == path.Nodes[i].Node ? $" -{name}-> " : $" <-{name}- ").Append(path.Nodes[i + 1].Label);
        }
        return text.ToString();
    }

    /// <summary>How much of the score came this way.</summary>
    public static string Share(GraphPath path) =>
        path.Share is > 0 and < 0.01 ? "<1 %" : string.Create(CultureInfo.InvariantCulture, $"{Math.Round(path.Share * 100):0} %");
}
