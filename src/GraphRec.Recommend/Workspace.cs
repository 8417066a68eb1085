using System.Collections.Concurrent;
using GraphRec.Graph.Kernels;

namespace GraphRec.Recommend;

/// <summary>The buffers one request needs: an accumulator per source. Rented, so that the request path allocates little.</summary>
public sealed class Workspace
{
    private Workspace(int dramas, int sources)
    {
        Dramas = dramas;
        Scores = new ScoreAccumulator[sources];
        for (var s = 0; s < sources; s++) Scores[s] = new ScoreAccumulator(dramas);
        Eligible = new Ineligible[dramas];
        Base = new double[dramas];
        Fit = new double[dramas];
        Places = new int[dramas];
        Rows = new int[dramas];
    }

    public int Dramas { get; }

    /// <summary>Raw scores per source, in feature order.</summary>
    public ScoreAccumulator[] Scores { get; }

    /// <summary>Per drama, whether and why not it may be shown.</summary>
    public Ineligible[] Eligible { get; }

    /// <summary>Per eligible drama, the weighted sum of the objectives without diversity.</summary>
    public double[] Base { get; }

    /// <summary>Per drama, the ranker's score.</summary>
    public double[] Fit { get; }

    /// <summary>Per drama, its place in the window counted from 1; 0 for the rest, and everywhere when rented.</summary>
    public int[] Places { get; }

    /// <summary>Per drama, its row among the ranker's candidates counted from 1; 0 for the rest, and everywhere when rented.</summary>
    public int[] Rows { get; }

    /// <summary>Row-major features of the candidates; as large as the largest request needed.</summary>
    public float[] Features { get; private set; } = [];

    /// <summary>Makes room for so many values; what was there is lost.</summary>
    public float[] FeaturesOf(int count) => Features.Length >= count ? Features : Features = new float[count];

    /// <summary>Keeps a few workspaces for reuse; those of another snapshot's size are dropped.</summary>
    public sealed class Pool
    {
        private const int Kept = 16;
        private readonly ConcurrentBag<Workspace> _free = [];

        public Workspace Rent(int dramas, int sources)
        {
            while (_free.TryTake(out var free))
                if (free.Dramas == dramas && free.Scores.Length == sources) return free;
            return new Workspace(dramas, sources);
        }

        public void Return(Workspace workspace)
        {
            foreach (var scores in workspace.Scores) scores.Clear();
            if (_free.Count < Kept) _free.Add(workspace);
        }
    }
}
