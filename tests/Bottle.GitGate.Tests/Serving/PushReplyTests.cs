using System.Text;
using Bottle.GitGate.Serving;

namespace Bottle.GitGate.Tests.Serving;

[Parallelizable(ParallelScope.All)]
public sealed class PushReplyTests
{
    private const string Advertisement = "009e0123456789012345678901234567890123456789 refs/heads/main\0report-status side-band-64k pack exceeds maximum allowed size, which a ref's name may say too...\n0000";

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(100_000)]
    public void Gits_words_for_a_push_too_large_become_the_gates(int piece)
    {
        var reply = new PushReply(1000);
        var text = Pass(reply, piece, Advertisement, Words("fatal: pack exceeds maximum allowed size (977 KiB)\n"), Words("other words\n", 1), "0000");
        Assert.That(text, Does.StartWith(Advertisement).And.EndWith(Words("other words\n", 1) + "0000"));
        Assert.That(text, Does.Contain("\u0002bottle: BTL6417: this push is larger than max_size (1000 bytes)").And.Not.Contain("fatal"));
        Assert.That(reply.Refusal?.Code, Is.EqualTo("BTL6417"));
    }

    [TestCase(1)]
    [TestCase(100_000)]
    public void Everything_else_passes_unchanged(int piece)
    {
        var reply = new PushReply(1000);
        string[] said = [Advertisement, Words("remote words\n"), Words("pack exceeds maximum allowed size\n", 1), "00010002", "zzzz no packet line at all", "0009\u0002ab"];
        Assert.That(Pass(reply, piece, said), Is.EqualTo(string.Concat(said)));
        Assert.That(reply.Refusal, Is.Null);
    }

    [Test]
    public void A_line_that_is_cut_short_is_passed_on_at_the_end() => Assert.That(Pass(new PushReply(1), 3, "0000", "0010\u0002ab"), Is.EqualTo("00000010\u0002ab"));

    private static string Words(string text, int band = 2) => Encoding.Latin1.GetString(PktLine.Encode((char)band + text));

    private static string Pass(PushReply reply, int piece, params string[] said)
    {
        var bytes = Encoding.Latin1.GetBytes(string.Concat(said));
        var passed = new List<byte>();
        foreach (var part in bytes.Chunk(piece))
        {
            passed.AddRange(reply.Pass(part).ToArray());
        }
        passed.AddRange(reply.Rest().ToArray());
        return Encoding.Latin1.GetString([.. passed]);
    }
}
