namespace Bottle.Host.Apply;

/// <summary>A lease as egress sees it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="HasEnded">Whether it allows nothing any more.</param>
/// <param name="UsesLeft">How many requests it still admits; null where it is not by number, or where egress cannot count.</param>
internal sealed record LeaseStanding(string Id, bool HasEnded, int? UsesLeft);
