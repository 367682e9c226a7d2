using System.Diagnostics;
using Bottle.Benchmarks.Contestants;
using Bottle.Benchmarks.Load;
using Bottle.Benchmarks.Machine;
using Bottle.Benchmarks.Origins;
using Bottle.Benchmarks.Wire;

namespace Bottle.Benchmarks.Measures;

/// <summary>One contestant in one round: started, measured step by step, ended.</summary>
internal sealed class Bout : IDisposable
{
    private static readonly TimeSpan MostStart = TimeSpan.FromSeconds(30);
    private readonly LoadErrors _errors = new();
    private readonly Dictionary<string, List<double>> _samples = [];

    private Bout(string name, RunningContestant running)
    {
        Name = name;
        Running = running;
    }

    internal string Name { get; }

    internal RunningContestant Running { get; }

    internal Target Target => Running.Target;

    internal Child? Child => Running.Child;

    /// <summary>Metric to its value: the median of what was added.</summary>
    internal Dictionary<string, double> Samples() => _samples.ToDictionary(sample => sample.Key, sample => Statistics.Median(sample.Value));

    internal LoadErrors Errors => _errors;

    /// <summary>Starts a contestant and waits until it answers a request through to the origin; that time is its first sample.</summary>
    internal static Bout Start(IContestant contestant, Rig rig)
    {
        var begin = Stopwatch.GetTimestamp();
        var bout = new Bout(contestant.Name, contestant.Start(rig));
        try
        {
            bout.WaitForAnswer(begin);
            if (bout.Child is not null)
                bout.Add(Metric.Ready, Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
            return bout;
        }
        catch
        {
            bout.Dispose();
            throw;
        }
    }

    /// <summary>Adds one reading of a metric.</summary>
    internal void Add(string metric, double value)
    {
        if (!_samples.TryGetValue(metric, out var values))
            _samples[metric] = values = [];
        values.Add(value);
    }

    /// <summary>Runs a load and counts its errors.</summary>
    internal LoadResult Measure(Func<LoadGenerator, LoadResult> load)
    {
        var result = load(new LoadGenerator(Target, OriginAnswers.FilePath, OriginAnswers.FileLength, CpuSeconds));
        _errors.Add(result.Errors);
        return result;
    }

    /// <summary>Runs a step that may fail; a failure is an error of this contestant and not the end of the run.</summary>
    internal void Try(Action step)
    {
        try
        {
            step();
        }
        catch (IOException e)
        {
            _errors.Add(e.Message);
        }
    }

    internal double CpuSeconds() => Child is null ? 0 : ProcessTree.CpuSeconds(Child.Id);

    internal double ResidentMb() => Child is null ? 0 : ProcessTree.ResidentMb(Child.Id);

    public void Dispose() => Running.Dispose();

    private void WaitForAnswer(long begin)
    {
        while (true)
        {
            try
            {
                using var stream = WireStream.Open(Target);
                stream.Write(LoadGenerator.Get(Target, OriginAnswers.FilePath));
                var reader = new HttpReader(stream);
                if (reader.ReadAnswer() == 200 && reader.Drain() == OriginAnswers.FileLength)
                    return;
            }
            catch (IOException) when (Child is null or { HasExited: false } && Stopwatch.GetElapsedTime(begin) < MostStart)
            {
                Thread.Sleep(2);
                continue;
            }
            catch (IOException e)
            {
                throw new InvalidOperationException($"{Name} does not answer: {e.Message}\n{Child?.LastLines()}", e);
            }
            if (Stopwatch.GetElapsedTime(begin) > MostStart)
                throw new InvalidOperationException($"{Name} refuses the request that it should let through\n{Child?.LastLines()}");
        }
    }
}
