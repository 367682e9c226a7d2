namespace Bottle.Egress.Forwarding;

/// <summary>Pipelock cannot be reached, or it is reached and says nothing.</summary>
internal sealed class PipelockSilentException(Exception? inner = null) : IOException("pipelock, the only way out, does not answer; try again in a moment", inner);
