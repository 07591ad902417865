using System.Globalization;
using System.Text;
using Confluent.Kafka;

namespace Formation.OrderConsumer;

/// <summary>Un message que ce groupe a renoncé à traiter, et pourquoi.</summary>
/// <param name="Original">Le message, avec ses coordonnées d'origine.</param>
/// <param name="Cause">La dernière exception.</param>
/// <param name="Attempts">Nombre de traitements tentés.</param>
public sealed record DeadLetter(ConsumeResult<byte[], byte[]> Original, Exception Cause, int Attempts)
{
    // <dlq-headers>
    /// <summary>Les mêmes octets, et de quoi retrouver l'original, comprendre, rejouer.</summary>
    /// <param name="groupId">Groupe qui renonce ; les autres ont peut-être réussi.</param>
    public Message<byte[], byte[]> ToMessage(string groupId)
    {
        var headers = new Headers();
        foreach (IHeader header in Original.Message.Headers)
        {
            // correlation-id et source suivent le message.
            headers.Add(header.Key, header.GetValueBytes());
        }

        Add(headers, "dlq-original-topic", Original.Topic);
        Add(headers, "dlq-original-partition", Text(Original.Partition.Value));
        Add(headers, "dlq-original-offset", Text(Original.Offset.Value));
        Timestamp written = Original.Message.Timestamp;
        Add(headers, "dlq-original-timestamp", Text(written.UnixTimestampMs));
        Add(headers, "dlq-consumer-group", groupId);
        string now = DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture);
        Add(headers, "dlq-failed-at", now);
        Add(headers, "dlq-error-code", Cause.GetType().Name);
        Add(headers, "dlq-error-reason", Cause.Message);
        Add(headers, "dlq-attempts", Text(Attempts));
        return new Message<byte[], byte[]>
        {
            Key = Original.Message.Key,
            Value = Original.Message.Value,
            Headers = headers,
        };
    }
    // </dlq-headers>

    private static void Add(Headers headers, string name, string value) => headers.Add(name, Encoding.UTF8.GetBytes(value));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
