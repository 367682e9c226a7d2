namespace Bottle.Host.Apply;

/// <summary>A change that is in force.</summary>
/// <param name="Change">What was applied.</param>
/// <param name="Took">From the first step until both sidecars had confirmed and the one who asked had the answer.</param>
/// <param name="Drained">When pipelock was replaced: whether all requests of the old one had ended before it was removed; null when it was not replaced.</param>
public sealed record ApplyOutcome(PreparedChange Change, TimeSpan Took, bool? Drained);
