namespace Bottle.Host.Docker;

/// <summary>A variable that a container gets by its bare name stands in the environment of the <c>docker</c> client too, so it must not be one that steers the client (SPEC A16).</summary>
internal static class ClientEnvironment
{
    private static readonly string[] SteeringPrefixes = ["DOCKER_", "COMPOSE_", "BUILDKIT_", "BUILDX_", "LD_", "DYLD_"];
    private static readonly HashSet<string> Steering = new(["PATH", "HOME", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The operator's variables that could change which project and files Compose works on.</summary>
    public static readonly IReadOnlyList<string> ComposeSteering =
        ["COMPOSE_FILE", "COMPOSE_PROJECT_NAME", "COMPOSE_PROFILES", "COMPOSE_ENV_FILES", "COMPOSE_DISABLE_ENV_FILE", "COMPOSE_PATH_SEPARATOR", "COMPOSE_REMOVE_ORPHANS", "COMPOSE_IGNORE_ORPHANS", "COMPOSE_COMPATIBILITY", "COMPOSE_ANSI", "COMPOSE_STATUS_STDOUT"];

    /// <summary>The name, when it may be passed.</summary>
    /// <exception cref="ArgumentException">It would steer the client: the manifest reader lets no such name through.</exception>
    public static string Checked(string name) =>
        Steering.Contains(name) || SteeringPrefixes.Any(p => name.StartsWith(p, StringComparison.OrdinalIgnoreCase))
            ? throw new ArgumentException($"'{name}' would steer the docker client", nameof(name))
            : name;
}
