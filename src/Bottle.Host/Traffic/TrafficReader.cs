using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Host.State;

namespace Bottle.Host.Traffic;

/// <summary>The request log of one run, read on as it grows: the first file to its end, then the second, which egress starts over whenever it is full. For one thread.</summary>
public sealed class TrafficReader
{
    private readonly GrowingFile[] files;

    private TrafficReader(params IEnumerable<string> paths) => files = [.. paths.Select(path => new GrowingFile(path))];

    /// <summary>Lines so far that were no request's.</summary>
    public long Unreadable { get; private set; }

    /// <summary>The log of a run: what egress writes now, or what is kept of a run that is over. BTL5401 when there is neither.</summary>
    public static TrafficReader Open(BottleHome home, StateStore store, string identity)
    {
        if (store.Open(identity) is { } state)
            return OfState(state);
        var kept = home.Runs(identity);
        return NativeFile.Look(Path.Combine(kept, RunRecords.Requests)) is not null
            ? OfFolder(kept)
            : throw new BottleException(ViewErrors.NoTraffic(identity));
    }

    /// <summary>What egress of a run writes; nothing yet is no error.</summary>
    public static TrafficReader OfState(StateDirectory state) => new(state[StateLayout.RequestLog], state[StateLayout.NewestRequestLog]);

    /// <summary>The log as it is kept of a run.</summary>
    public static TrafficReader OfFolder(string folder) => new(Kept(folder));

    /// <summary>Goes on with the copy that is kept of the run, from where the original was read last.</summary>
    public void GoOnWith(string folder)
    {
        foreach (var (file, copy) in files.Zip(Kept(folder)))
            file.Path = copy;
    }

    /// <summary>Gives every request that was written since the last call, oldest first; false when there was none. BTL5301 when a container put something else in the log's place.</summary>
    public bool ReadOn(Action<TrafficRecord> onRecord)
    {
        var any = false;
        foreach (var file in files)
        {
            while (ReadPiece(file, onRecord))
                any = true;
        }
        return any;
    }

    private static IEnumerable<string> Kept(string folder) => [Path.Combine(folder, RunRecords.Requests), Path.Combine(folder, RunRecords.NewestRequests)];

    private bool ReadPiece(GrowingFile file, Action<TrafficRecord> onRecord)
    {
        try
        {
            return file.ReadOn(line =>
            {
                if (TrafficFormat.Read(line) is { } record)
                    onRecord(record);
                else
                    Unreadable++;
            });
        }
        catch (IOException e)
        {
            throw new BottleException(SessionErrors.RecordUnreadable(file.Path, e.Message), e);
        }
    }
}
