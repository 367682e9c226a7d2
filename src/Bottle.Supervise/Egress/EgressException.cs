namespace Bottle.Supervise.Egress;

/// <summary>Egress gave no answer that can be used; the message says what happened, without a full stop.</summary>
internal sealed class EgressException(string message, Exception inner) : Exception(message, inner);
