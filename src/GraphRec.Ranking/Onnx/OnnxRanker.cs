using System.Buffers;
using System.Runtime.InteropServices;
using GraphRec.Core;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace GraphRec.Ranking.Onnx;

/// <summary>
/// Scores dramas by an ONNX file with ONNX Runtime: one session, which any number of requests share, and one batch per call.
/// A file made elsewhere works as well: one float32 input [N, features], one float32 output [N] or [N, 1].
/// </summary>
public sealed class OnnxRanker : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly string[] _inputs;
    private readonly string[] _outputs;
    private readonly bool _flat;
    private bool _disposed;

    /// <summary>Loads a file.</summary>
    /// <param name="path">An ONNX file.</param>
    /// <param name="description">What it was trained on: what the file says itself (<see cref="OnnxFile.Description"/>), or a manifest beside it.</param>
    /// <param name="threads">How many threads work at one call, from 1; null: two, or one where there is one processor.</param>
    /// <exception cref="InvalidInputException">It cannot be loaded, or takes or gives something else.</exception>
    public OnnxRanker(string path, RankerDescription description, int? threads = null)
    {
        // 500 rows of 45 features by 200 trees of 31 leaves are 3.0 ms of one processor; a second thread shares that, and adds up to a quarter of CPU on a busy machine.
        var count = threads ?? Math.Min(2, Environment.ProcessorCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(threads));
        using var options = new SessionOptions
        {
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = count,
            InterOpNumThreads = 1,
            // A batch's scratch is a few kilobytes; an arena would keep the largest ever asked for.
            EnableCpuMemArena = false,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        // Threads that wait spin by default, and eat the processor of a server that is idle.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        try
        {
            _session = new InferenceSession(path, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw Bad($"{path} cannot be loaded: {e.Message} Export it again, or copy it again.");
        }
        (Description, _inputs, _outputs) = (description, [.. _session.InputMetadata.Keys], [.. _session.OutputMetadata.Keys]);
        if (Problem(description.Features.Count) is { } problem)
        {
            Dispose();
            throw Bad($"{path} {problem}.");
        }
        _flat = _session.OutputMetadata[_outputs[0]].Dimensions.Length == 1;
    }

    /// <summary>What it was trained on.</summary>
    public RankerDescription Description { get; }

    public int FeatureCount => Description.Features.Count;

    /// <summary>Scores a batch; for concurrent use.</summary>
    /// <param name="rows">Row-major, <see cref="FeatureCount"/> finite values each; what comes after <paramref name="count"/> rows is not looked at.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="scores">Receives one score per row.</param>
    public void Score(ReadOnlyMemory<float> rows, int count, Span<float> scores)
    {
        // The native session would not throw: it would end the process.
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (count == 0) return;
        var output = ArrayPool<float>.Shared.Rent(count);
        try
        {
            // Both tensors lie over the memory that is given: nothing is copied on the way in, and nothing allocated per row.
            var taken = MemoryMarshal.AsMemory(rows[..(count * FeatureCount)]);
            using var input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, taken, [count, FeatureCount]);
            using var result = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, output.AsMemory(0, count), _flat ? [count] : [count, 1]);
            _session.Run(_options, _inputs, [input], _outputs, [result]);
            output.AsSpan(0, count).CopyTo(scores);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(output);
        }
    }

    /// <summary>Frees the session; no call may be under way.</summary>
    public void Dispose()
    {
        _disposed = true;
        _options.Dispose();
        _session.Dispose();
    }

    private string? Problem(int features)
    {
        if (_inputs.Length != 1 || _outputs.Length != 1) return $"has {_inputs.Length} inputs and {_outputs.Length} outputs; a ranker has one of each";
        var (input, output) = (_session.InputMetadata[_inputs[0]], _session.OutputMetadata[_outputs[0]]);
        if (!IsFloat(input) || !IsFloat(output)) return "does not take or give float32 tensors";
        if (input.Dimensions is not [-1, var columns] || (columns != features && columns != -1))
            return $"takes [{string.Join(", ", input.Dimensions)}] and not [N, {features}]: its description is of {features} features";
        return output.Dimensions is [-1] or [-1, 1 or -1] ? null : $"gives [{string.Join(", ", output.Dimensions)}] and not [N, 1]";
    }

    private static bool IsFloat(NodeMetadata value) => value.IsTensor && value.ElementDataType == TensorElementType.Float;

    private static InvalidInputException Bad(string message) => new(ErrorCodes.BadUserInput, message);
}
