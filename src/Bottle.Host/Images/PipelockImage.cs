using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Host.Processes;

namespace Bottle.Host.Images;

/// <summary>The image that plays pipelock in a run.</summary>
/// <param name="Reference">What Compose starts.</param>
/// <param name="IsStandIn">Whether it is our stand-in, which reads the same file and does far less.</param>
/// <param name="Why">Why it is the stand-in; null for pipelock itself.</param>
public sealed record PipelockReference(string Reference, bool IsStandIn, string? Why = null);

/// <summary>Pipelock's image, pinned: pulled once, its digest recorded, and refused when it changes (SPEC G1).</summary>
/// <param name="runner">What starts processes.</param>
/// <param name="puller">Asks registries.</param>
/// <param name="catalogue">Knows the stand-in.</param>
/// <param name="imagesLock">The file of digests, in Bottle's home.</param>
public sealed class PipelockImage(ICommandRunner runner, ImagePuller puller, ImageCatalogue catalogue, string imagesLock)
{
    /// <summary>The release that Bottle is written for.</summary>
    public const string Pinned = "ghcr.io/luckypipewrench/pipelock:2.3.0";

    /// <summary>The variable that names another image.</summary>
    public const string Variable = "BOTTLE_PIPELOCK_IMAGE";

    private readonly ImageStore store = new(runner);

    /// <summary>What would be used: <see cref="Variable"/>, or <see cref="Pinned"/>.</summary>
    public static string Configured => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : Pinned;

    /// <summary>
    /// The image, there and checked; when it cannot be pulled and <paramref name="standInIsPermitted"/>, the stand-in, which is not built yet: give <see cref="ImageCatalogue.PipelockStandIn"/> to the builder.
    /// </summary>
    /// <exception cref="BottleException">BTL4015 cannot be pulled, BTL4016 digest changed, BTL4017 record unreadable.</exception>
    public async Task<PipelockReference> ResolveAsync(bool standInIsPermitted, CancellationToken cancellationToken = default)
    {
        var reference = Configured;
        var digests = await store.DigestsAsync(reference, cancellationToken).ConfigureAwait(false);
        if (digests is null)
        {
            if (await puller.TryPullAsync(reference, cancellationToken).ConfigureAwait(false) is { } why)
            {
                return standInIsPermitted
                    ? new PipelockReference(catalogue.PipelockStandIn.Tag, IsStandIn: true, $"{reference} cannot be pulled: {why}")
                    : throw new BottleException(SetupErrors.PipelockMissing(reference, why));
            }
            digests = await store.DigestsAsync(reference, cancellationToken).ConfigureAwait(false);
        }
        // An image that was built here has no digest, and nobody elsewhere can change it.
        if (digests?.Select(d => d[(d.IndexOf('@', StringComparison.Ordinal) + 1)..]).FirstOrDefault() is { } digest)
            new ImagesLock(imagesLock).Check(reference, digest);
        return new PipelockReference(reference, IsStandIn: false);
    }
}
