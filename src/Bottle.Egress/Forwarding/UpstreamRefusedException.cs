namespace Bottle.Egress.Forwarding;

/// <summary>Pipelock answered CONNECT with something else than 200.</summary>
internal sealed class UpstreamRefusedException(int status, string text) : IOException($"pipelock answered CONNECT with {status}: {text}")
{
    /// <summary>Its status.</summary>
    public int Status { get; } = status;

    /// <summary>Its text, printable characters only.</summary>
    public string Text { get; } = text;
}
