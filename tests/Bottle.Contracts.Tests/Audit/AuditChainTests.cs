using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Bottle.Contracts.Audit;
using Bottle.Core.Tests.Rendering;
using FsCheck;
using FsCheck.Fluent;

namespace Bottle.Contracts.Tests.Audit;

[Parallelizable(ParallelScope.All)]
public sealed class AuditChainTests
{
    private static readonly JsonObject Schema = JsonNode.Parse(File.ReadAllText(Path.GetFullPath(
        Path.Combine(Here(), "../../../src/Bottle.Contracts/schemas/audit.schema.json"))))!.AsObject();

    [Test]
    public void A_line_is_what_any_tool_can_check()
    {
        var line = Encoding.UTF8.GetString(AuditChain.Append(null, Entry("one \"quoted\" \u202e word\n")));
        var hash = JsonNode.Parse(line)!["hash"]!.GetValue<string>();
        var body = line.TrimEnd('\n').Replace($",\"hash\":\"{hash}\"", "", StringComparison.Ordinal);
        Assert.That(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body))), Is.EqualTo(hash));
        Assert.That(line, Does.EndWith("}\n").And.Not.Contain("\u202e"));
        Assert.That(JsonNode.Parse(line)!["after"]!.GetValue<string>(), Is.EqualTo("one \"quoted\" \u202e word\n"));
    }

    [Test]
    public void Every_line_follows_the_published_schema_and_reads_back()
    {
        foreach (var line in Lines(5))
        {
            Assert.That(SchemaCheck.Problems(JsonNode.Parse(line), Schema, Schema), Is.Empty);
            Assert.That(AuditChain.Read(Encoding.UTF8.GetBytes(line), out _), Is.Not.Null);
        }
        Assert.That(SchemaCheck.Problems(JsonNode.Parse(Lines(1)[0].Replace("applied", "guessed", StringComparison.Ordinal)), Schema, Schema), Is.Not.Empty);
    }

    [Test]
    public void A_text_without_measure_is_cut_and_keeps_its_sum()
    {
        var text = new string('ü', 200_000);
        var line = AuditChain.Append(null, Entry(text) with { Before = text });
        Assert.That(line, Has.Length.LessThanOrEqualTo(AuditChain.MaxLine));
        var record = AuditChain.Read(line.AsSpan()[..^1], out _)!;
        Assert.That(record.After, Has.Length.EqualTo(AuditChain.MaxText).And.Contains(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))));
    }

    [Test]
    public void A_file_as_it_was_written_is_whole()
    {
        var verdict = Verify(Lines(20));
        Assert.That(verdict.Problems, Is.Empty);
        Assert.That(verdict.Records, Is.EqualTo(20));
        Assert.That(Verify([]).Head, Is.EqualTo(AuditChain.Start));
    }

    [Test]
    public void A_missing_line_is_named()
    {
        var lines = Lines(5);
        Assert.That(Said(lines.Where((_, i) => i != 2)), Is.EqualTo(new[] { "3 Missing: record 3 is missing before record 4" }));
        Assert.That(Said(lines.Skip(2)), Is.EqualTo(new[] { "1 Missing: records between 1 and 2 are missing before record 3" }));
    }

    [Test]
    public void A_changed_line_is_named()
    {
        var lines = Lines(5);
        lines[1] = lines[1].Replace("event 2", "event x", StringComparison.Ordinal);
        Assert.That(Said(lines), Is.EqualTo(new[] { "2 Changed: record 2 is not as it was written: its hash does not fit" }));
    }

    [Test]
    public void A_line_written_anew_with_a_hash_that_fits_is_betrayed_by_the_next_one()
    {
        var lines = Lines(5);
        var first = AuditChain.Read(Encoding.UTF8.GetBytes(lines[0]), out _);
        lines[1] = Encoding.UTF8.GetString(AuditChain.Append(first, Entry("another"))).TrimEnd('\n');
        Assert.That(Said(lines), Is.EqualTo(new[] { "3 Changed: record 3 does not follow the record before it: one of the two was rewritten" }));
    }

    [Test]
    public void A_moved_or_repeated_line_is_named()
    {
        var lines = Lines(5);
        Assert.That(Said([lines[0], lines[2], lines[1], lines[3], lines[4]]), Is.EqualTo(new[] { "3 Moved: record 2 stands behind record 3" }));
        Assert.That(Said([lines[0], lines[1], lines[1], lines[2]]), Is.EqualTo(new[] { "3 Moved: record 2 is there twice" }));
    }

    [Test]
    public void A_line_of_another_run_is_named()
    {
        var foreign = Encoding.UTF8.GetString(AuditChain.Append(null, Entry("x") with { Identity = "other-00000" })).TrimEnd('\n');
        Assert.That(Said([foreign]), Is.EqualTo(new[] { "1 Foreign: record 1 is of another run" }));
        Assert.That(AuditVerifier.Verify(Bytes([foreign])).IsWhole, "the file over all bottles holds every run");
    }

    [Test]
    public void A_line_that_breaks_off_is_named_until_a_record_accounts_for_it()
    {
        var lines = Lines(3);
        var torn = lines[2][..50];
        var whole = Bytes(lines[..2]);
        Assert.That(Said([.. whole, .. Encoding.UTF8.GetBytes(torn)]), Is.EqualTo(new[] { "3 Truncated: the last line breaks off: its writer was ended, or the file was cut" }));
        Assert.That(Said(Bytes(lines)[..^1]), Is.EqualTo(new[] { "3 Truncated: the last line has no line feed: its writer was ended, or the file was cut" }));

        var second = AuditChain.Read(Encoding.UTF8.GetBytes(lines[1]), out _);
        var sum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(torn)));
        var mended = AuditChain.Append(second, Entry("going on") with { Event = AuditEvents.Recovered, Before = $"50 bytes, SHA-256 {sum}" });
        var verdict = AuditVerifier.Verify((byte[])[.. whole, .. Encoding.UTF8.GetBytes(torn + "\n"), .. mended]);
        Assert.That(verdict.Problems, Is.Empty);
        Assert.That(verdict.Notes.Single().Line, Is.EqualTo(3));
        var other = AuditVerifier.Verify((byte[])[.. whole, .. Encoding.UTF8.GetBytes(torn[1..] + "\n"), .. mended]);
        Assert.That(other.Problems.Single().Fault, Is.EqualTo(AuditFault.Unreadable), "it accounts for those bytes and no others");
    }

    [Test]
    public void Any_change_of_any_byte_is_found()
    {
        var file = Bytes(Lines(4));
        var change = Gen.Choose(0, file.Length - 1).SelectMany(at => Gen.Choose(0, 255).Select(to => (at, to: (byte)to))).Where(c => file[c.at] != c.to).ToArbitrary();
        Prop.ForAll(change, c =>
        {
            var changed = (byte[])file.Clone();
            changed[c.at] = c.to;
            return !AuditVerifier.Verify(changed, "run-00000").IsWhole;
        }).QuickCheckThrowOnFailure();
    }

    [Test]
    public void Any_part_taken_out_is_found_but_a_clean_end()
    {
        var file = Bytes(Lines(6));
        var part = Gen.Choose(0, file.Length - 1).SelectMany(from => Gen.Choose(1, file.Length - from).Select(count => (from, count))).ToArbitrary();
        Prop.ForAll(part, p =>
        {
            byte[] rest = [.. file[..p.from], .. file[(p.from + p.count)..]];
            var isCleanEnd = p.from + p.count == file.Length && (p.from == 0 || file[p.from - 1] == '\n');
            return AuditVerifier.Verify(rest, "run-00000").IsWhole == isCleanEnd;
        }).QuickCheckThrowOnFailure();
    }

    private static AuditEntry Entry(string after) => new()
    {
        Time = new DateTimeOffset(2026, 1, 31, 12, 0, 0, 5, TimeSpan.FromHours(2)),
        Identity = "run-00000",
        Event = AuditEvents.Applied,
        Actor = "operator:me",
        After = after,
    };

    private static string[] Lines(int count)
    {
        var lines = new List<string>();
        AuditRecord? last = null;
        for (var i = 1; i <= count; i++)
        {
            var line = AuditChain.Append(last, Entry($"event {i}"));
            last = AuditChain.Read(line.AsSpan()[..^1], out _);
            lines.Add(Encoding.UTF8.GetString(line).TrimEnd('\n'));
        }
        return [.. lines];
    }

    private static byte[] Bytes(IEnumerable<string> lines) => Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));

    private static AuditVerdict Verify(IEnumerable<string> lines) => AuditVerifier.Verify(Bytes(lines), "run-00000");

    private static IEnumerable<string> Said(IEnumerable<string> lines) => Said(Bytes(lines));

    private static IEnumerable<string> Said(byte[] file) => AuditVerifier.Verify(file, "run-00000").Problems.Select(p => $"{p.Line} {p.Fault}: {p.Message}");

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
