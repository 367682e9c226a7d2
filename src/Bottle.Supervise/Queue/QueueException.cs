namespace Bottle.Supervise.Queue;

/// <summary>A question that cannot become a proposal; the message says why, for the agent.</summary>
internal sealed class QueueException(string message) : Exception(message);
