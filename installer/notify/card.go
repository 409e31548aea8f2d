package notify

import "strings"

// The parts of a message to a Workflow of Teams, with a card of version 1.4, which
// every client of Teams shows.
type (
	teamsMessage struct {
		Type        string       `json:"type"`
		Attachments []attachment `json:"attachments"`
	}
	attachment struct {
		ContentType string       `json:"contentType"`
		ContentURL  *string      `json:"contentUrl"` // null, as Microsoft's sample has it
		Content     adaptiveCard `json:"content"`
	}
	adaptiveCard struct {
		Schema  string    `json:"$schema"`
		Type    string    `json:"type"`
		Version string    `json:"version"`
		Body    []element `json:"body"`
	}
	element struct {
		Type   string     `json:"type"`
		Text   string     `json:"text,omitempty"`
		Weight string     `json:"weight,omitempty"`
		Size   string     `json:"size,omitempty"`
		Color  string     `json:"color,omitempty"`
		Wrap   bool       `json:"wrap,omitempty"`
		Facts  []cardFact `json:"facts,omitempty"`
	}
	cardFact struct {
		Title string `json:"title"`
		Value string `json:"value"`
	}
)

// card is a message as Teams shows it.
func card(m Message) teamsMessage {
	colour := map[Severity]string{Information: "good", Warning: "warning", Critical: "attention"}[m.Severity]
	body := []element{{Type: "TextBlock", Text: plain(m.Subject), Weight: "bolder", Size: "medium", Color: colour, Wrap: true}}
	for _, line := range strings.Split(strings.TrimPrefix(m.Text, m.Subject), "\n") {
		if line != "" {
			body = append(body, element{Type: "TextBlock", Text: plain(line), Wrap: true})
		}
	}
	if len(m.Facts) > 0 {
		facts := element{Type: "FactSet"}
		for _, f := range m.Facts {
			facts.Facts = append(facts.Facts, cardFact{Title: f.Name, Value: plain(f.Value)})
		}
		body = append(body, facts)
	}
	return teamsMessage{Type: "message", Attachments: []attachment{{
		ContentType: "application/vnd.microsoft.card.adaptive",
		Content: adaptiveCard{
			Schema: "http://adaptivecards.io/schemas/adaptive-card.json", Type: "AdaptiveCard", Version: "1.4", Body: body,
		},
	}}}
}

// plain keeps the Markdown of cards from making something of a text.
func plain(text string) string {
	return strings.NewReplacer("*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`).Replace(text)
}
