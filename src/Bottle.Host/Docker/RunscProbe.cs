using System.Buffers.Binary;
using System.Formats.Tar;
using System.Text.RegularExpressions;
using Bottle.Core.Planning;
using Bottle.Host.Processes;

namespace Bottle.Host.Docker;

/// <summary>
/// Finds out whether a container runs under gVisor (SPEC M1), by running one: an engine also lists a runtime that cannot work, for example one whose network stack refuses this kernel. What runs is
/// a program of our own, in an image of nothing else, confined as an agent is, on a network as an agent is.
/// </summary>
/// <param name="runner">What starts the processes.</param>
/// <param name="runtime">The runtime that is tried; another one than gVisor's in tests, which shows that a container of the probe ends as it should.</param>
public sealed partial class RunscProbe(ICommandRunner runner, string runtime = RuntimePlan.Runsc)
{
    private const string Image = "bottle-runtime-probe:1";

    // Its own exit code shows that it was this program that ended: the engine's codes are others.
    private const byte Proof = 47;

    private const int LinesOfAFailure = 4;

    // A loaded machine starts a container slowly; one that hangs is none that works.
    private static readonly TimeSpan MayTake = TimeSpan.FromMinutes(1);

    /// <summary>Whether it works, and how that is known; never throws for what is wrong with it.</summary>
    public async Task<RunscFacts> RunAsync(EngineInfo engine, CancellationToken cancellationToken = default)
    {
        if (!engine.Runtimes.Contains(runtime))
            return new RunscFacts(false, "the engine offers no runsc (gVisor)");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(MayTake);
        try
        {
            // Made once: an import of the same bytes is another image each time, and leaves the one before without a name.
            if (!(await runner.RunAsync(new Command("docker", "image", "inspect", "--format", "{{.Id}}", Image), limit.Token).ConfigureAwait(false)).Succeeded)
            {
                var imported = await runner.RunAsync(
                    new Command("docker", "import", "--change", "ENTRYPOINT [\"/probe\"]", "--change", "LABEL bottle.image=runtime-probe", "-", Image) { StandardInput = Archive() }, limit.Token).ConfigureAwait(false);
                if (!imported.Succeeded)
                    return Failed(imported);
            }
            var ran = await runner.RunAsync(
                new Command("docker", "run", "--rm", "--runtime", runtime, "--pull", "never", "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--user", "1000:1000",
                    "--memory", "128m", "--pids-limit", "128", Image), limit.Token).ConfigureAwait(false);
            return ran.ExitCode == Proof ? new RunscFacts(true, "a container that was tried runs under gVisor") : Failed(ran);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new RunscFacts(false, $"the engine offers runsc, but a container under it did not end within {MayTake.TotalSeconds:0} s");
        }
    }

    // The same words for the same failure, whichever container it was: what a person has accepted is compared with what they see later.
    private static RunscFacts Failed(CommandResult result) =>
        new(false, $"the engine offers runsc, but no container runs under it: {(Said(result) is { } line ? Identifier().Replace(line, "…") : $"exit code {result.ExitCode}")}");

    // The client's last line may be its hint at its own help.
    private static string? Said(CommandResult result) =>
        result.LastLines(LinesOfAFailure).LastOrDefault(line => !string.IsNullOrWhiteSpace(line) && !(line.StartsWith("Run '", StringComparison.Ordinal) || line.StartsWith("See '", StringComparison.Ordinal)));

    private static byte[] Archive()
    {
        using var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, leaveOpen: true))
        {
            using var program = new MemoryStream(Program());
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "probe") { DataStream = program, Mode = (UnixFileMode)0b101_101_101 });
        }

        return bytes.ToArray();
    }

    /// <summary>A static x86-64 program (ELF) that ends at once: exit(<see cref="Proof"/>).</summary>
    internal static byte[] Program()
    {
        const int header = 64, segment = 56;
        const ulong address = 0x400000;
        byte[] code = [0xbf, Proof, 0, 0, 0, 0xb8, 60, 0, 0, 0, 0x0f, 0x05]; // mov edi, 47; mov eax, 60 (exit); syscall
        var file = new byte[header + segment + code.Length];
        byte[] identification = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
        identification.CopyTo(file, 0);
        Write16(16, 2); // executable
        Write16(18, 62); // x86-64
        Write32(20, 1);
        Write64(24, address + header + segment); // entry
        Write64(32, header); // where the one segment is described
        Write16(52, header);
        Write16(54, segment);
        Write16(56, 1);
        Write32(header, 1); // to be loaded
        Write32(header + 4, 5); // read, execute
        Write64(header + 16, address);
        Write64(header + 24, address);
        Write64(header + 32, (ulong)file.Length);
        Write64(header + 40, (ulong)file.Length);
        Write64(header + 48, 0x1000);
        code.CopyTo(file, header + segment);
        return file;

        void Write16(int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), value);
        void Write32(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), value);
        void Write64(int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(at), value);
    }

    [GeneratedRegex("[0-9a-f]{12,}", RegexOptions.CultureInvariant)]
    private static partial Regex Identifier();
}
