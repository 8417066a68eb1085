using System.Runtime.InteropServices;
using System.Text;
using GraphRec.Core;

namespace GraphRec.Learning.Ranking;

/// <summary>
/// A booster of LightGBM by its C interface (LightGBM/include/LightGBM/c_api.h), from the library of the package <c>LightGBM</c>: the one that ML.NET
/// calls. ML.NET itself has no setting for the truncation level, and does not hand out a tree's thresholds in double.
/// </summary>
internal sealed partial class LightGbm : IDisposable
{
    private const string Library = "lib_lightgbm";
    private const int Float32 = 0, Int32 = 2;

    private readonly List<nint> _datasets = [];
    private readonly long _validationRows;
    private nint _booster;

    /// <summary>Why the library cannot be loaded here, as a sentence that says what to do; null where it can.</summary>
    public static string? Missing { get; } = NativeLibrary.TryLoad(Library, typeof(LightGbm).Assembly, null, out _) ? null
        : "LightGBM's library cannot be loaded; on Debian and Ubuntu it needs the package libgomp1 (apt-get install libgomp1). Or train with --ranker mlp, which needs nothing.";

    /// <param name="train">What is fitted.</param>
    /// <param name="validation">What <see cref="ValidationScores"/> are of, or null.</param>
    /// <param name="settings">LightGBM's parameters, as <c>name=value</c> with spaces between.</param>
    public LightGbm(RankingLists train, RankingLists? validation, string settings)
    {
        if (Missing is { } missing) throw new InvalidInputException(ErrorCodes.BadUserInput, missing);
        try
        {
            var data = Dataset(train, settings, 0);
            Check(BoosterCreate(data, settings, out _booster));
            if (validation is null) return;
            _validationRows = validation.RowCount;
            Check(BoosterAddValidData(_booster, Dataset(validation, settings, data)));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Grows the next tree; false where no split was found that gains.</summary>
    public bool Grow()
    {
        Check(BoosterUpdateOneIter(_booster, out var finished));
        return finished == 0;
    }

    /// <summary>The scores of the rows for validation by all trees so far.</summary>
    public float[] ValidationScores()
    {
        var scores = new double[_validationRows];
        Check(BoosterGetPredict(_booster, 1, out var length, scores));
        if (length != scores.Length) throw new InvalidOperationException($"LightGBM gave {length} scores for {scores.Length} rows.");
        return Array.ConvertAll(scores, score => (float)score);
    }

    /// <summary>The first trees as LightGBM writes them into a file.</summary>
    public string Text(int trees)
    {
        Check(BoosterSaveModelToString(_booster, 0, trees, 0, 0, out var length, []));
        var text = new byte[length];
        Check(BoosterSaveModelToString(_booster, 0, trees, 0, length, out length, text));
        return Encoding.UTF8.GetString(text).TrimEnd('\0');
    }

    public void Dispose()
    {
        if (_booster != 0) _ = BoosterFree(_booster);
        _booster = 0;
        foreach (var dataset in _datasets) _ = DatasetFree(dataset);
        _datasets.Clear();
    }

    private nint Dataset(RankingLists lists, string settings, nint reference)
    {
        Check(DatasetCreateFromMat(lists.Features.Span, Float32, lists.RowCount, lists.FeatureCount, 1, settings, reference, out var dataset));
        _datasets.Add(dataset);
        var labels = new float[lists.RowCount];
        for (var row = 0; row < labels.Length; row++) labels[row] = lists.Labels[row];
        int[] sizes = [.. Enumerable.Range(0, lists.ListCount).Select(list => lists.List(list).GetOffsetAndLength(lists.RowCount).Length)];
        SetField(dataset, "label", MemoryMarshal.AsBytes<float>(labels), labels.Length, Float32);
        SetField(dataset, "weight", MemoryMarshal.AsBytes(lists.Weights), lists.RowCount, Float32);
        SetField(dataset, "group", MemoryMarshal.AsBytes<int>(sizes), sizes.Length, Int32);
        return dataset;
    }

    private static void SetField(nint dataset, string name, ReadOnlySpan<byte> values, int count, int type) => Check(DatasetSetField(dataset, name, values, count, type));

    private static void Check(int status)
    {
        if (status == 0) return;
        throw new InvalidInputException(ErrorCodes.BadUserInput, $"LightGBM cannot fit these lists: {Marshal.PtrToStringUTF8(GetLastError())?.Trim()} Give more lists, or more examples per leaf.");
    }

    [LibraryImport(Library, EntryPoint = "LGBM_GetLastError")]
    private static partial nint GetLastError();

    [LibraryImport(Library, EntryPoint = "LGBM_DatasetCreateFromMat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int DatasetCreateFromMat(
        ReadOnlySpan<float> data, int type, int rows, int columns, int rowMajor, string parameters, nint reference, out nint dataset);

    [LibraryImport(Library, EntryPoint = "LGBM_DatasetSetField", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int DatasetSetField(nint dataset, string name, ReadOnlySpan<byte> values, int count, int type);

    [LibraryImport(Library, EntryPoint = "LGBM_DatasetFree")]
    private static partial int DatasetFree(nint dataset);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterCreate", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int BoosterCreate(nint train, string parameters, out nint booster);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterAddValidData")]
    private static partial int BoosterAddValidData(nint booster, nint validation);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterUpdateOneIter")]
    private static partial int BoosterUpdateOneIter(nint booster, out int finished);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterGetPredict")]
    private static partial int BoosterGetPredict(nint booster, int data, out long length, Span<double> scores);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterSaveModelToString")]
    private static partial int BoosterSaveModelToString(nint booster, int start, int count, int importance, long capacity, out long length, Span<byte> text);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterFree")]
    private static partial int BoosterFree(nint booster);
}
