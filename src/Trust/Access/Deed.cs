namespace Madang.Trust.Access;

/// <summary>A change of the house as the record tells it.</summary>
/// <param name="Entry">Who does what; its kind is also the fact's.</param>
/// <param name="Image">SQL for what stands there before and after, by <c>@id</c>.</param>
/// <param name="Id">What is changed; null for what is made, whose id the change answers.</param>
internal sealed record Deed(RecordEntry Entry, string Image, object? Id = null);
