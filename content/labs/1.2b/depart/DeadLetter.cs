using System.Globalization;
using System.Text;
using Confluent.Kafka;

namespace Formation.KeyedOrderProducer;

/// <summary>Un message que le producer a renoncé à livrer, et pourquoi.</summary>
/// <param name="Topic">Topic visé à l'origine.</param>
/// <param name="Original">Le message tel qu'il a été présenté.</param>
/// <param name="Error">La dernière erreur, définitive.</param>
/// <param name="FailedAt">Instant de l'échec, en temps universel.</param>
/// <param name="Attempts">Présentations par l'application ; librdkafka ne dit pas combien de fois il a réessayé.</param>
public sealed record DeadLetter(string Topic, Message<string, string> Original, Error Error, DateTimeOffset FailedAt, int Attempts)
{
    /// <summary>Le même message, plus le contexte de l'échec.</summary>
    public Message<string, string> ToMessage()
    {
        var headers = new Headers();
        foreach (IHeader header in Original.Headers)
        {
            // correlation-id et source suivent le message.
            headers.Add(header.Key, header.GetValueBytes());
        }

        Add(headers, "dlq-original-topic", Topic);
        Add(headers, "dlq-failed-at", FailedAt.ToString("O", CultureInfo.InvariantCulture));
        Add(headers, "dlq-error-code", Error.Code.ToString());
        Add(headers, "dlq-error-reason", Error.Reason);
        Add(headers, "dlq-attempts", Attempts.ToString(CultureInfo.InvariantCulture));
        return new Message<string, string>
        {
            Key = Original.Key,
            Value = Original.Value,
            Headers = headers,
        };
    }

    private static void Add(Headers headers, string name, string value) => headers.Add(name, Encoding.UTF8.GetBytes(value));
}
