using Bottle.Benchmarks.Load;
using Bottle.Benchmarks.Machine;
using Bottle.Benchmarks.Origins;
using Bottle.Benchmarks.Wire;

namespace Bottle.Benchmarks.Measures;

/// <summary>The single measurements of a round. Each puts its samples into the bout.</summary>
/// <param name="measurement">How long a timed measurement lasts.</param>
/// <param name="isQuick">Tiny sizes: proves that everything runs.</param>
internal sealed class Steps(TimeSpan measurement, bool isQuick)
{
    private const long Mebibyte = 1 << 20;
    private const int Streams = 15;
    private static readonly TimeSpan EventGap = TimeSpan.FromMilliseconds(5);
    private readonly long _bulkBytes = (isQuick ? 2 : 100) * Mebibyte;
    private readonly int _tunnels = isQuick ? 20 : 500;
    private readonly int _most = isQuick ? 50 : int.MaxValue;

    /// <summary>The steps that are run for every contestant in turn before the next step begins.</summary>
    internal IEnumerable<Action<Bout>> Interleaved() =>
    [
        bout => Requests(bout, 1), bout => Requests(bout, 16), bout => Requests(bout, 64),
        bout => NewTunnels(bout, 1), bout => NewTunnels(bout, 8),
        bout => bout.Try(() => Download(bout)), bout => bout.Try(() => Upload(bout)),
        bout => bout.Try(() => Events(bout)), bout => bout.Try(() => OpenTunnels(bout)),
    ];

    /// <summary>What every proxy gets before anything is measured, ours and others alike.</summary>
    internal void WarmUp(Bout bout)
    {
        bout.Measure(load => load.KeepAlive(16, measurement * 2, _most));
        bout.Measure(load => load.NewConnections(4, measurement / 2, _most));
    }

    /// <summary>Memory a while after the first answer, before any load.</summary>
    internal static void Rest(Bout bout)
    {
        if (bout.Child is not null)
            bout.Samples[Metric.RestMb] = bout.ResidentMb();
    }

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
        bout.Samples[Metric.GrowthMb] = highest - before;
    }

    /// <summary>What is read when everything else is done.</summary>
    internal static void Last(Bout bout)
    {
        if (bout.Child is not null)
            bout.Samples[Metric.PeakMb] = ProcessTree.PeakMb(bout.Child.Id);
        bout.Samples[Metric.Errors] = bout.Errors.Count;
    }

    private void Requests(Bout bout, int connections)
    {
        var result = bout.Measure(load => load.KeepAlive(connections, measurement, _most));
        if (result.Requests == 0)
            return;
        bout.Samples[Metric.Rps(connections)] = result.PerSecond;
        if (bout.Child is not null)
            bout.Samples[Metric.CpuPerRequest(connections)] = result.CpuPerRequest;
        if (connections == 1)
        {
            bout.Samples[Metric.P50] = result.Percentile(0.50);
            bout.Samples[Metric.P99] = result.Percentile(0.99);
        }
    }

    private void NewTunnels(Bout bout, int connections)
    {
        var result = bout.Measure(load => load.NewConnections(connections, measurement, _most));
        if (result.Requests == 0)
            return;
        bout.Samples[Metric.Tunnels(connections)] = result.PerSecond;
        if (bout.Child is not null)
            bout.Samples[Metric.CpuPerTunnel(connections)] = result.CpuPerRequest;
    }

    private void Download(Bout bout)
    {
        var before = bout.CpuSeconds();
        bout.Samples[Metric.DownMbs] = new BulkTransfer(bout.Target).Download(OriginAnswers.BulkPath(_bulkBytes), _bulkBytes);
        if (bout.Child is not null)
            bout.Samples[Metric.DownCpu] = bout.CpuSeconds() - before;
    }

    private void Upload(Bout bout)
    {
        var before = bout.CpuSeconds();
        bout.Samples[Metric.UpMbs] = new BulkTransfer(bout.Target).Upload(OriginAnswers.UploadPath, _bulkBytes);
        if (bout.Child is not null)
            bout.Samples[Metric.UpCpu] = bout.CpuSeconds() - before;
    }

    private static void Events(Bout bout)
    {
        var probe = new EventStreamProbe(bout.Target, TimeSpan.FromSeconds(10));
        var path = OriginAnswers.EventsPath(5, EventGap);
        var readings = Enumerable.Range(0, Streams).Select(_ => probe.Read(path, OriginAnswers.FilePath)).ToArray();
        bout.Samples[Metric.FirstEvent] = Statistics.Median(readings.Select(reading => reading.FirstEventMs));
        bout.Samples[Metric.EventLag] = Statistics.Median(readings.SelectMany(reading => reading.LagsMs));
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
            bout.Samples[Metric.TunnelsMb] = bout.ResidentMb();
        }
        finally
        {
            foreach (var stream in streams)
                stream.Dispose();
        }
    }
}
