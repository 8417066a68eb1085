using GraphRec.Core;
using GraphRec.Learning.Linear;

namespace GraphRec.Learning.Models.Filters;

/// <summary>The closed-form graph filters that need the leading eigenvectors of the item graph.</summary>
/// <remarks>
/// With R̃ = Du^(−a/2) · R · Di^(−1/2), scaled to a largest singular value of 1, the item graph is P = R̃ᵀR̃; its eigenpairs are
/// the squared singular values and the right singular vectors of R̃. A filter is f(P) between powers of the items' degrees; f is
/// split into a linear function, which is walked, and the rest, which is taken at the leading eigenvectors alone and dropped
/// elsewhere.
/// </remarks>
internal static class FilterKinds
{
    private const double HalfNorm = 0.5;

    private static readonly ModelParameter Factors = new("factors", 256, 64, 512, "leading eigenvectors of the item graph")
    {
        Minimum = 1,
        IsWhole = true,
        IsFixed = true,
    };

    private static readonly ModelParameter UserExponent =
        new("userExponent", 1, 0.4, 1.2, "users on the way count degree^−this") { Minimum = 0 };

    private static readonly ModelParameter SeedExponent =
        new("seedExponent", 0.5, 0.3, 1, "items of the history count degree^−this in the linear part") { Minimum = 0 };

    private static readonly ModelParameter DestinationExponent =
        new("destinationExponent", 0.5, 0, 0.6, "scores of the linear part are multiplied by degree^−this");

    private static readonly ModelParameter Alpha =
        new("alpha", 0.3, 0.02, 2, "weight of the ideal low-pass filter") { Minimum = 0, IsLogarithmic = true };

    private static readonly ModelParameter IdealExponent =
        new("idealExponent", 0.5, 0, 0.7, "the low-pass filter takes degree^−this from the history and gives degree^this to the scores") { IsFixed = true };

    private static readonly ModelParameter BspmFactors = Factors with { Default = 448 };
    private static readonly ModelParameter Beta =
        new("beta", 0.2, 0.02, 1, "weight of the ideal low-pass filter") { Minimum = 0, IsLogarithmic = true };

    private static readonly ModelParameter SharpenTime =
        new("sharpenTime", 2.5, 0.2, 4, "how long the result is sharpened") { Minimum = 0 };

    private static readonly ModelParameter SharpenSteps =
        new("sharpenSteps", 1, 1, 4, "steps of the solver in that time") { Minimum = 1, IsWhole = true, IsFixed = true };

    private static readonly ModelParameter SolverOrder = new("solverOrder", 4, 1, 4, "of the Runge–Kutta solver: 1 is Euler's, 4 the classical one")
    {
        Minimum = 1,
        IsWhole = true,
        IsFixed = true,
    };

    private static readonly ModelParameter EarlyMerge = new("earlyMerge", 1, 0, 1, "1: the low-pass filter is added before sharpening; 0: after it")
    {
        Minimum = 0,
        IsWhole = true,
        IsFixed = true,
    };

    private static readonly ModelParameter Weight =
        new("weight", 0.07, 0.01, 1, "of the leading eigenvectors beside the linear part") { Minimum = 0, IsLogarithmic = true };

    private static readonly ModelParameter Power =
        new("power", -1.2, -2, 1, "eigenvectors are weighted by eigenvalue^this: below 0, the fine ones more");

    private static readonly ModelParameter Sharpening =
        new("sharpening", 0.75, 0, 1, "how much of the linear part is taken from the leading eigenvectors");

    // The papers' models have one exponent everywhere, and searching for others found what random cuts reward and test parts do
    // not (Gowalla: BSPM's NDCG@20 .150 instead of .142 on the validation part, .157 instead of .160 on the test part). They are
    // free in the kind that is about them.
    private static readonly ModelParameter PaperUserExponent = UserExponent with { IsFixed = true };
    private static readonly ModelParameter PaperSeedExponent = SeedExponent with { IsFixed = true };
    private static readonly ModelParameter PaperDestinationExponent = DestinationExponent with { IsFixed = true };

    private static readonly ModelParameter SpectralUserExponent = UserExponent with { Default = 0.6 };
    private static readonly ModelParameter SpectralSeedExponent = SeedExponent with { Default = 0.6 };
    private static readonly ModelParameter SpectralDestinationExponent = DestinationExponent with { Default = 0.2 };

    public static ModelKind GfCf { get; } = new(
        "gfcf",
        "linear and ideal low-pass graph filter (Shen et al., \"How powerful is graph convolution for recommendation?\", CIKM 2021)",
        [Factors, Alpha, PaperUserExponent, PaperSeedExponent, PaperDestinationExponent, IdealExponent])
    {
        Fit = FitGfCf,
        Load = GraphFilterModel.Load,
        IsLinear = true,
        MemoryEstimate = (recipe, input) => Memory(input, recipe.Whole(Factors), recipe.Whole(Factors)),
    };

    public static ModelKind Bspm { get; } = new(
        "bspm", "blurring-sharpening process (Choi et al., \"Blurring-sharpening process models for collaborative filtering\", SIGIR 2023)",
        [BspmFactors, Beta, SharpenTime, SharpenSteps, SolverOrder, EarlyMerge, PaperUserExponent, IdealExponent])
    {
        Fit = FitBspm,
        Load = GraphFilterModel.Load,
        IsLinear = true,
        MemoryEstimate = (recipe, input) => Memory(input, recipe.Whole(BspmFactors), 2 * recipe.Whole(BspmFactors)),
    };

    public static ModelKind Spectral { get; } = new(
        "spectral",
        "graph filter with free degree exponents and a spectrum of free shape, after GF-CF, BSPM and RP3beta",
        [
            BspmFactors, Weight, Power, Sharpening, SpectralUserExponent, SpectralSeedExponent, SpectralDestinationExponent,
        ])
    {
        Fit = FitSpectral,
        Load = GraphFilterModel.Load,
        IsLinear = true,
        MemoryEstimate = (recipe, input) => Memory(input, recipe.Whole(BspmFactors), recipe.Whole(BspmFactors)),
    };

    /// <summary>h·P + alpha · h · D^(−x) V Vᵀ D^x; the paper has x = 1/2.</summary>
    private static GraphFilterModel FitGfCf(ModelRecipe recipe, FitInput input, CancellationToken cancel)
    {
        var spectrum = Spectrum.Of(input, recipe.Whole(Factors), recipe[UserExponent], cancel);
        var ideal = recipe[IdealExponent];
        var (seed, destination) = (spectrum.ItemPower(-recipe[SeedExponent]), spectrum.ItemPower(-recipe[DestinationExponent]));
        var rank = spectrum.Rank;
        var (from, to) = (new float[spectrum.Vectors.Length], new float[spectrum.Vectors.Length]);
        spectrum.Fill(from, rank, 0, rank, spectrum.ItemPower(-ideal), _ => recipe[Alpha]);
        spectrum.Fill(to, rank, 0, rank, spectrum.ItemPower(ideal + recipe[DestinationExponent]), _ => 1);
        return new GraphFilterModel("gfcf", input.Train, new FilterWeights(seed, spectrum.UserPower, destination, rank, from, to));
    }

    /// <summary>(h·P + beta · h · D^(−x) V Vᵀ D^x) · q(P), where q is what the solver makes of sharpening, y' = −yP.</summary>
    private static GraphFilterModel FitBspm(ModelRecipe recipe, FitInput input, CancellationToken cancel)
    {
        var order = recipe.Whole(SolverOrder);
        if (order is not (1 or 2 or 3 or 4) || recipe.Whole(EarlyMerge) > 1)
        {
            throw new InvalidInputException(
                ErrorCodes.BadUserInput, "bspm.solverOrder is from 1 to 4 and bspm.earlyMerge 0 or 1; set them to one of these.");
        }
        var sharpening = new Sharpening(recipe[SharpenTime], recipe.Whole(SharpenSteps), order);
        var spectrum = Spectrum.Of(input, recipe.Whole(BspmFactors), recipe[UserExponent], cancel);
        var (rank, ideal) = (spectrum.Rank, recipe[IdealExponent]);
        var corrected = Math.Min(rank, CorrectedVectors);
        var total = rank + corrected;
        var tail = spectrum.Value(corrected - 1);
        var slope = Tail.Slope(x => x * sharpening.At(x), tail);
        var items = input.Train.Items.Count;
        var (from, to) = (new float[checked(items * total)], new float[items * total]);
        spectrum.Fill(from, total, 0, rank, spectrum.ItemPower(-ideal), _ => recipe[Beta]);
        double Beyond(int k) => spectrum.Value(k) * (sharpening.At(spectrum.Value(k)) - slope);
        spectrum.Fill(from, total, rank, corrected, spectrum.ItemPower(0), Beyond);
        var lowPass = spectrum.Scaled(spectrum.ItemPower(ideal));
        if (recipe.Whole(EarlyMerge) == 1) lowPass = sharpening.Of(spectrum.Graph, lowPass, spectrum.Width, input.Threads, cancel);
        var root = spectrum.ItemPower(HalfNorm);
        for (var item = 0; item < items; item++)
        {
            for (var k = 0; k < rank; k++) to[(item * total) + k] = lowPass[(item * spectrum.Width) + k] * root[item];
        }
        spectrum.Fill(to, total, rank, corrected, root, _ => 1);
        var half = spectrum.ItemPower(-HalfNorm);
        var seed = Array.ConvertAll(half, power => (float)(slope * power));
        return new GraphFilterModel("bspm", input.Train, new FilterWeights(seed, spectrum.UserPower, half, total, from, to));
    }

    /// <summary>
    /// h · D^(1/2 − s) · f(P) · D^(1/2 − t), where f(x) = x + weight · x^power − sharpening · x² / (x + 0.3) at the leading
    /// eigenvectors, and f(x) = x elsewhere.
    /// </summary>
    /// <remarks>
    /// No paper's. The defaults are from a random validation cut of Gowalla, where they find far more than the papers' own
    /// parameters: Recall@20 .206, against .192 of BSPM and .190 of GF-CF, on every eighth user. On its published test part,
    /// which is not cut like that, it is the other way round: .185, .193 and .186.
    /// </remarks>
    private static GraphFilterModel FitSpectral(ModelRecipe recipe, FitInput input, CancellationToken cancel)
    {
        var spectrum = Spectrum.Of(input, recipe.Whole(BspmFactors), recipe[SpectralUserExponent], cancel);
        var rank = spectrum.Rank;
        double Gain(int k)
        {
            var x = spectrum.Value(k);
            return x > 0 ? (recipe[Weight] * Math.Pow(x, recipe[Power])) - (recipe[Sharpening] * x * x / (x + 0.3)) : 0;
        }

        var (from, to) = (new float[spectrum.Vectors.Length], new float[spectrum.Vectors.Length]);
        spectrum.Fill(from, rank, 0, rank, spectrum.ItemPower(HalfNorm - recipe[SpectralSeedExponent]), Gain);
        spectrum.Fill(to, rank, 0, rank, spectrum.ItemPower(HalfNorm), _ => 1);
        var (seed, destination) = (spectrum.ItemPower(-recipe[SpectralSeedExponent]), spectrum.ItemPower(-recipe[SpectralDestinationExponent]));
        return new GraphFilterModel("spectral", input.Train, new FilterWeights(seed, spectrum.UserPower, destination, rank, from, to));
    }

    /// <summary>
    /// Leading eigenvectors at which BSPM's sharpened blur is exact; on the others it is a line. Measured on Gowalla with the
    /// paper's parameters, Recall@20 / NDCG@20: 64 of them .1931 / .1603, 128 of them .1928 / .1603, all 448 .1914 / .1599, and
    /// .1927 / .1605 by the solver itself on dense rows, which takes 370 CPU s to score where this takes 16.
    /// On a validation cut too, 64 are best: .1961 / .1415, against .1957 / .1417 and .1921 / .1406.
    /// </summary>
    private const int CorrectedVectors = 64;

    /// <summary>The decomposition, or the copies of the factors that fitting makes of it: whichever comes to more, and both sides.</summary>
    private static long Memory(FitInput input, int rank, int total)
    {
        var (users, items) = (input.Train.Users.Count, input.Train.Items.Count);
        return Math.Max(TruncatedSvd.MemoryEstimate(users, items, rank), 4L * items * ((3 * rank) + (2 * total)));
    }
}
