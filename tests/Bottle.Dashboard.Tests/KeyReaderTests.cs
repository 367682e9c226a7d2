using System.Text;
using Bottle.Dashboard.Model;
using Bottle.Dashboard.Shell;
using FsCheck;
using FsCheck.Fluent;

namespace Bottle.Dashboard.Tests;

public sealed class KeyReaderTests
{
    [TestCase("\e[A", KeyKind.Up)]
    [TestCase("\eOB", KeyKind.Down)]
    [TestCase("\e[1;5C", KeyKind.Right)]
    [TestCase("\e[5~", KeyKind.PageUp)]
    [TestCase("\e[6~", KeyKind.PageDown)]
    [TestCase("\e[H", KeyKind.Home)]
    [TestCase("\e[4~", KeyKind.End)]
    [TestCase("\e[Z", KeyKind.BackTab)]
    [TestCase("\r", KeyKind.Enter)]
    [TestCase("\t", KeyKind.Tab)]
    [TestCase("\u007f", KeyKind.Backspace)]
    public void A_key_is_known_however_its_bytes_are_cut(string bytes, KeyKind kind)
    {
        Assert.That(new KeyReader().Read(Encoding.ASCII.GetBytes(bytes)), Is.EqualTo(new[] { new Key(kind) }));
        var reader = new KeyReader();
        Assert.That(Encoding.ASCII.GetBytes(bytes).SelectMany(one => reader.Read([one])), Is.EqualTo(new[] { new Key(kind) }));
    }

    [Test]
    public void Escape_alone_is_a_key_when_nothing_follows()
    {
        var reader = new KeyReader();
        Assert.That(reader.Read("\e"u8), Is.Empty);
        Assert.That(reader.IsPending, Is.True);
        Assert.That(reader.Read([], nothingFollows: true), Is.EqualTo(new[] { new Key(KeyKind.Escape) }));
    }

    [TestCase("\e[24~")]
    [TestCase("\e[<0;10;5M")]
    [TestCase("\e[?1;2c")]
    public void A_sequence_that_means_no_key_leaves_no_letter_behind(string bytes) =>
        Assert.That(new KeyReader().Read(Encoding.ASCII.GetBytes(bytes + "y")), Is.EqualTo(new[] { Key.Of('y') }));

    [Test]
    public void Characters_of_several_bytes_come_whole() =>
        Assert.That(string.Concat(new KeyReader().Read("grün 日 😀"u8).Select(key => key.Character)), Is.EqualTo("grün 日 😀"));

    [Test]
    public void What_is_pasted_is_text_however_its_bytes_are_cut()
    {
        var bytes = Encoding.UTF8.GetBytes("a\e[200~y\r\n\tq\e[Aü\u007f\e[201~b");
        Key[] keys = [Key.Of('a'), .. "y   qü".Select(character => new Key(KeyKind.Pasted, character)), Key.Of('b')];
        Assert.That(new KeyReader().Read(bytes), Is.EqualTo(keys));
        var reader = new KeyReader();
        Assert.That(bytes.SelectMany(one => reader.Read([one])), Is.EqualTo(keys));
    }

    [Test]
    public void Whatever_bytes_come_none_stays_for_ever_and_no_control_character_is_a_key() =>
        Prop.ForAll<byte[]>(bytes =>
        {
            var reader = new KeyReader();
            var keys = reader.Read(bytes).Concat(reader.Read([], nothingFollows: true)).ToList();
            return !reader.IsPending && keys.All(key => !char.IsControl(key.Character) || key.Character == '\0');
        }).QuickCheckThrowOnFailure();
}
