namespace Bottle.Benchmarks.Contestants;

/// <summary>A proxy, or none, that stands between the client and the origin.</summary>
internal interface IContestant
{
    /// <summary>The name in tables and in JSON.</summary>
    string Name { get; }

    /// <summary>Starts it; it may not answer yet when this returns.</summary>
    RunningContestant Start(Rig rig);
}
