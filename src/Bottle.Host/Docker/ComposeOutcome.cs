using Bottle.Core.Diagnostics;

namespace Bottle.Host.Docker;

/// <summary>How <c>up</c> ended.</summary>
public enum ComposeFailure
{
    /// <summary>Everything runs and is healthy.</summary>
    None,
    /// <summary>A subnet is taken: plan with the next attempt.</summary>
    PoolOverlaps,
    /// <summary>An image is not there.</summary>
    ImageMissing,
    /// <summary>A container of that name is there already.</summary>
    NameTaken,
    /// <summary>A service did not become healthy.</summary>
    ServiceUnhealthy,
    /// <summary>A service ended.</summary>
    ServiceExited,
    /// <summary>Anything else.</summary>
    Other,
}

/// <summary>The result of <c>up</c>; after a failure containers and networks can be left, so <c>down</c> follows.</summary>
/// <param name="Failure">What went wrong.</param>
/// <param name="Subject">The image, or the container, to blame.</param>
/// <param name="Diagnostic">For people; null when nothing went wrong.</param>
public sealed record ComposeOutcome(ComposeFailure Failure, string? Subject = null, Diagnostic? Diagnostic = null)
{
    /// <summary>Whether everything runs.</summary>
    public bool Succeeded => Failure == ComposeFailure.None;

    /// <summary>Throws the diagnostic of a failure.</summary>
    public void ThrowIfFailed()
    {
        if (Diagnostic is not null)
            throw new BottleException(Diagnostic);
    }
}
