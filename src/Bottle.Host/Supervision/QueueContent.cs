using Bottle.Contracts.Supervision;

namespace Bottle.Host.Supervision;

/// <summary>What lies in a bottle's folder of proposals.</summary>
/// <param name="Proposals">The open questions, oldest first.</param>
/// <param name="Unreadable">What lies there and is no proposal.</param>
/// <param name="IsCutOff">Whether there was more than is ever read.</param>
public sealed record QueueContent(IReadOnlyList<Proposal> Proposals, IReadOnlyList<UnreadableEntry> Unreadable, bool IsCutOff);

/// <summary>Something in the folder of proposals that is none; both texts are inert.</summary>
/// <param name="Name">The entry's name.</param>
/// <param name="Problem">Why it is not read, one line.</param>
public sealed record UnreadableEntry(string Name, string Problem);
