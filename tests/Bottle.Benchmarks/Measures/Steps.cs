using Bottle.Benchmarks.Load;
using Bottle.Benchmarks.Machine;
using Bottle.Benchmarks.Origins;
using Bottle.Benchmarks.Wire;

namespace Bottle.Benchmarks.Measures;

/// <summary>The single measurements of a round. Each puts its samples into the bout.</summary>
/// <param name="measurement">How long a timed measurement lasts, all slices together.</param>
/// <param name="isQuick">Tiny sizes: proves that everything runs.</param>
/// <param name="only">The names of the steps that are wanted, or null for all.</param>
internal sealed class Steps(TimeSpan measurement, bool isQuick, IReadOnlyList<string>? only = null)
{
    private const long Mebibyte = 1 << 20;
    private const int Streams = 15;
    private const int Downloads = 4;
    // Long enough for a just-in-time compiler to be done with what is hot.
    private static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan EventGap = TimeSpan.FromMilliseconds(5);
    private readonly long _bulkBytes = (isQuick ? 2 : 100) * Mebibyte;
    private readonly int _slices = isQuick ? 1 : 4;
    private readonly int _tunnels = isQuick ? 20 : 500;
    private readonly int _most = isQuick ? 50 : int.MaxValue;

    // The timed ones are cut into slices.
    private static readonly (string Name, bool IsTimed, Action<Steps, Bout> Run)[] All =
    [
        ("requests-1", true, (steps, bout) => steps.Requests(bout, 1)), ("requests-16", true, (steps, bout) => steps.Requests(bout, 16)), ("requests-64", true, (steps, bout) => steps.Requests(bout, 64)),
        ("tunnels-1", true, (steps, bout) => steps.NewTunnels(bout, 1)), ("tunnels-8", true, (steps, bout) => steps.NewTunnels(bout, 8)),
        ("download", true, (steps, bout) => bout.Try(() => steps.Download(bout))), ("upload", true, (steps, bout) => bout.Try(() => steps.Upload(bout))), ("neighbours", true, (steps, bout) => steps.Neighbours(bout)),
        ("events", false, (_, bout) => bout.Try(() => Events(bout))), ("open-tunnels", false, (steps, bout) => bout.Try(() => steps.OpenTunnels(bout))),
    ];

    /// <summary>The names of all steps, in order.</summary>
    internal static IEnumerable<string> Names => All.Select(step => step.Name);

    /// <summary>The steps, each of which is run for every contestant in turn before the next begins. Measurements are cut into slices, since what else a machine does comes in bursts:
    /// the slices of one contestant lie apart, and their median is its value of the round.</summary>
    internal IEnumerable<Action<Bout>> Interleaved() => All.Where(step => only?.Contains(step.Name) ?? true)
        .SelectMany(step => Enumerable.Repeat<Action<Bout>>(bout => step.Run(this, bout), step.IsTimed ? _slices : 1));

    /// <summary>What every proxy gets before anything is measured, ours and others alike.</summary>
    internal void WarmUp(Bout bout)
    {
        bout.Measure(load => load.KeepAlive(16, isQuick ? measurement : WarmUpTime, _most));
        bout.Measure(load => load.NewConnections(4, measurement / 2, _most));
    }

    /// <summary>Memory a while after the first answer, before any load.</summary>
    internal static void Rest(Bout bout)
    {
        if (bout.Child is not null)
            bout.Add(Metric.RestMb, bout.ResidentMb());
    }

    /// <summary>Whether the last round ends with <see cref="Growth"/>.</summary>
    internal bool MeasuresGrowth => only is null;

    /// <summary>How much resident memory grows while 1 GiB goes down; the highest reading counts.</summary>
    internal void Growth(Bout bout)
    {
        if (bout.Child is null)
            return;
        var before = bout.ResidentMb();
        var highest = before;
        for (var left = isQuick ? _bulkBytes : 1024 * Mebibyte; left > 0; left -= _bulkBytes)
        {
            new BulkTransfer(bout.Target).Download(OriginAnswers.BulkPath(_bulkBytes), _bulkBytes);
            highest = Math.Max(highest, bout.ResidentMb());
        }
        bout.Add(Metric.GrowthMb, highest - before);
    }

    /// <summary>What is read when everything else is done.</summary>
    internal static void Last(Bout bout)
    {
        if (bout.Child is not null)
            bout.Add(Metric.PeakMb, ProcessTree.PeakMb(bout.Child.Id));
        bout.Add(Metric.Errors, bout.Errors.Count);
    }

    private void Requests(Bout bout, int connections)
    {
        var result = bout.Measure(load => load.KeepAlive(connections, measurement / _slices, _most));
        if (result.Requests == 0)
            return;
        bout.Add(Metric.Rps(connections), result.PerSecond);
        if (bout.Child is not null)
            bout.Add(Metric.CpuPerRequest(connections), result.CpuPerRequest);
        if (connections == 1)
        {
            bout.Add(Metric.P50, result.Percentile(0.50));
            bout.Add(Metric.P99, result.Percentile(0.99));
        }
    }

    private void NewTunnels(Bout bout, int connections)
    {
        var result = bout.Measure(load => load.NewConnections(connections, measurement / _slices, _most));
        if (result.Requests == 0)
            return;
        bout.Add(Metric.Tunnels(connections), result.PerSecond);
        if (bout.Child is not null)
            bout.Add(Metric.CpuPerTunnel(connections), result.CpuPerRequest);
    }

    private void Download(Bout bout)
    {
        var before = bout.CpuSeconds();
        bout.Add(Metric.DownMbs, new BulkTransfer(bout.Target).Download(OriginAnswers.BulkPath(_bulkBytes), _bulkBytes));
        if (bout.Child is not null)
            bout.Add(Metric.DownCpu, bout.CpuSeconds() - before);
    }

    private void Upload(Bout bout)
    {
        var before = bout.CpuSeconds();
        bout.Add(Metric.UpMbs, new BulkTransfer(bout.Target).Upload(OriginAnswers.UploadPath, _bulkBytes));
        if (bout.Child is not null)
            bout.Add(Metric.UpCpu, bout.CpuSeconds() - before);
    }

    /// <summary>One client while others download as fast as they can: what a neighbour may cost.</summary>
    private void Neighbours(Bout bout)
    {
        using var end = new CancellationTokenSource();
        var downloads = Enumerable.Range(0, Downloads).Select(_ => Task.Factory.StartNew(
            () =>
            {
                while (!end.IsCancellationRequested)
                    bout.Try(() => new BulkTransfer(bout.Target).Download(OriginAnswers.BulkPath(_bulkBytes / 10), _bulkBytes / 10));
            }, TaskCreationOptions.LongRunning)).ToArray();
        var result = bout.Measure(load => load.KeepAlive(1, measurement / _slices, _most));
        end.Cancel();
        Task.WaitAll(downloads);
        if (result.Requests == 0)
            return;
        bout.Add(Metric.NeighbourP50, result.Percentile(0.50));
        bout.Add(Metric.NeighbourP99, result.Percentile(0.99));
    }

    private static void Events(Bout bout)
    {
        var probe = new EventStreamProbe(bout.Target, TimeSpan.FromSeconds(10));
        var path = OriginAnswers.EventsPath(5, EventGap);
        var readings = Enumerable.Range(0, Streams).Select(_ => probe.Read(path, OriginAnswers.FilePath)).ToArray();
        bout.Add(Metric.FirstEvent, Statistics.Median(readings.Select(reading => reading.FirstEventMs)));
        bout.Add(Metric.EventLag, Statistics.Median(readings.SelectMany(reading => reading.LagsMs)));
    }

    private void OpenTunnels(Bout bout)
    {
        if (bout.Child is null)
            return;
        var streams = new List<WireStream>();
        try
        {
            for (var at = 0; at < _tunnels; at++)
            {
                var stream = WireStream.Open(bout.Target);
                streams.Add(stream);
                stream.Write(LoadGenerator.Get(bout.Target, OriginAnswers.FilePath));
                var reader = new HttpReader(stream);
                if (reader.ReadAnswer() != 200 || reader.Drain() != OriginAnswers.FileLength)
                    throw new IOException($"tunnel {at + 1} of {_tunnels} does not answer");
            }
            bout.Add(Metric.TunnelsMb, bout.ResidentMb());
        }
        finally
        {
            foreach (var stream in streams)
                stream.Dispose();
        }
    }
}
