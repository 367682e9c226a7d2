using Bottle.Host.Processes;

namespace Bottle.Host.Tests.Docker;

/// <summary>A tiny image made of this machine's own shell and a few tools with their libraries: no registry is needed.</summary>
internal sealed class TestImage(ICommandRunner runner, string reference) : IAsyncDisposable
{
    private static readonly string[] Tools = ["sh", "sleep", "cat", "id", "env"];

    public string Reference => reference;

    public static async Task<TestImage> CreateAsync(ICommandRunner runner)
    {
        using var folder = new TemporaryFolder();
        var script = """
            set -eu
            root=$1; shift
            mkdir -p "$root/bin" "$root/tmp"
            for tool in "$@"; do
                file=$(readlink -f "$(command -v "$tool")")
                cp "$file" "$root/bin/$tool"
                ldd "$file" | grep -o '/[^ ]*' | while read -r lib; do mkdir -p "$root$(dirname "$lib")"; cp -Lf "$lib" "$root$lib"; done
            done
            tar -C "$root" -cf "$root.tar" .
            """;
        var root = Path.Combine(folder.Path, "root");
        await runner.RunCheckedAsync(new Command("sh", ["-c", script, "sh", root, .. Tools]));
        var reference = $"bottle-host-test:{Guid.NewGuid():N}";
        await runner.RunCheckedAsync(new Command("docker", "import", "--change", "LABEL bottle.image=host-test", "--change", "ENV PATH=/bin", root + ".tar", reference));
        return new TestImage(runner, reference);
    }

    public async ValueTask DisposeAsync() => await runner.RunCheckedAsync(new Command("docker", "image", "rm", "--force", Reference));
}
