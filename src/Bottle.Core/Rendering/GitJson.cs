using System.Text.Json;
using Bottle.Core.Planning;

namespace Bottle.Core.Rendering;

/// <summary>The git part of <see cref="PlanJson"/>: the remotes with their policy, and the gate.</summary>
internal static class GitJson
{
    /// <summary>Writes <c>git_remotes</c> (empty without a gate) and <c>git_gate</c> (null without one).</summary>
    public static void Write(Utf8JsonWriter json, GitGatePlan? gate)
    {
        PlanJson.Array(json, "git_remotes", () =>
        {
            foreach (var remote in gate?.Remotes ?? [])
                PlanJson.Object(json, null, () => Remote(json, remote));
        });
        if (gate is null)
        {
            json.WriteNull("git_gate");
            return;
        }
        PlanJson.Object(json, "git_gate", () =>
        {
            json.WriteString("image", gate.Image);
            json.WriteString("author_name", gate.Author.Name);
            json.WriteString("author_email", gate.Author.Email);
            PlanJson.Limits(json, gate.Limits);
        });
    }

    private static void Remote(Utf8JsonWriter json, GitRemotePlan remote)
    {
        json.WriteString("name", remote.Name);
        json.WriteString("url", remote.Url);
        json.WriteString("upstream", remote.Upstream.Url);
        json.WriteString("identity_file", remote.IdentityFile);
        json.WriteString("host_ip", remote.HostIp);
        PlanJson.Object(json, "push", () =>
        {
            PlanJson.Texts(json, "branches", remote.Push.Branches);
            PlanJson.Texts(json, "protected", remote.Push.Protected);
            json.WriteBoolean("force", remote.Push.Force);
            json.WriteBoolean("delete", remote.Push.Delete);
            json.WriteBoolean("tags", remote.Push.Tags);
            json.WriteNumber("max_size", remote.Push.MaxSize);
            json.WriteBoolean("allow_ci", remote.Push.AllowCi);
        });
        PlanJson.Texts(json, "allow_fingerprints", remote.Scan.AllowFingerprints);
        json.WriteBoolean("cache", remote.Cache);
        json.WriteString("source", remote.Source);
    }
}
