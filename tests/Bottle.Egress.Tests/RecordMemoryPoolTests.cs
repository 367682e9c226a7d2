using System.Buffers;
using Bottle.Egress.Hosting;

namespace Bottle.Egress.Tests;

/// <summary>The blocks that Kestrel's buffers are made of.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class RecordMemoryPoolTests
{
    [TestCase(-1)]
    [TestCase(1)]
    [TestCase(RecordMemoryPool.BlockSize)]
    public void Every_block_holds_a_record(int wanted)
    {
        using var pool = new RecordMemoryPool();
        using var block = pool.Rent(wanted);
        Assert.That(block.Memory.Length, Is.EqualTo(RecordMemoryPool.BlockSize));
    }

    [Test]
    public void What_is_larger_is_refused()
    {
        using var pool = new RecordMemoryPool();
        Assert.That(() => pool.Rent(RecordMemoryPool.BlockSize + 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void A_returned_block_is_given_out_again_and_two_renters_never_share_one()
    {
        using var pool = new RecordMemoryPool();
        var first = pool.Rent();
        using var second = pool.Rent();
        Assert.That(second, Is.Not.SameAs(first));
        first.Dispose();
        using var third = pool.Rent();
        Assert.That(third, Is.SameAs(first));
    }

    [Test]
    public void After_a_peak_only_so_many_are_kept()
    {
        using var pool = new RecordMemoryPool();
        var peak = Enumerable.Range(0, RecordMemoryPool.MostKept + 10).Select(_ => pool.Rent()).ToHashSet<IMemoryOwner<byte>>(ReferenceEqualityComparer.Instance);
        foreach (var block in peak)
        {
            block.Dispose();
        }
        var again = Enumerable.Range(0, RecordMemoryPool.MostKept + 10).Select(_ => pool.Rent()).Count(peak.Contains);
        Assert.That(again, Is.EqualTo(RecordMemoryPool.MostKept));
    }
}
