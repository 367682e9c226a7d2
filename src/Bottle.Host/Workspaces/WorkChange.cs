namespace Bottle.Host.Workspaces;

/// <summary>A file of the agent's directory that may differ from what was copied: what it was (null: it was not there) and which kind it is now (null: it is gone).</summary>
internal sealed record WorkChange(string Path, BaselineFile? Before, int? ModeNow);

/// <summary>Everything that a look at the agent's directory found; the counts are those of <see cref="WorkRecord"/>.</summary>
internal sealed record WorkFindings(IReadOnlyList<WorkChange> Changes, IReadOnlyList<LeftOut> LeftBehind, int Unnamed, int Ignored, int SetId, int NotTaken);
