using System.Security.Cryptography;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Host.Docker;

namespace Bottle.Host.State;

/// <summary>Makes identities that neither a state folder, nor a kept record, nor a container of any home uses (SPEC B1).</summary>
public sealed class IdentityMinter(BottleHome home, Func<string>? suffix = null)
{
    private const string Base36 = "0123456789abcdefghijklmnopqrstuvwxyz";
    private const int Attempts = 20;

    private readonly Func<string> suffix = suffix ?? (() => RandomNumberGenerator.GetString(Base36, 5));

    /// <summary>A fresh identity of an agent; without an engine only this home is looked at.</summary>
    public async Task<string> MintAsync(string agent, DockerEngine? engine = null, CancellationToken cancellationToken = default)
    {
        var containers = engine is null ? [] : await engine.ContainersAsync([BottleNames.IdentityLabel], cancellationToken).ConfigureAwait(false);
        var taken = containers.Select(c => c.Identity).ToHashSet(StringComparer.Ordinal);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var identity = Identity.Checked($"{agent}-{suffix()}");
            if (!taken.Contains(identity) && !Path.Exists(home.State(identity)) && !Path.Exists(home.Runs(identity)))
                return identity;
        }
        throw new BottleException(StateErrors.NoFreeIdentity(agent, Attempts));
    }
}
