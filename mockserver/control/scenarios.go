package control

import (
	"net/http"
	"time"

	"github.com/gorilla/mux"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

type scenarioReply struct {
	ID      string             `json:"id"`
	Title   string             `json:"title"`
	Labels  []string           `json:"labels"`
	When    *whenReply         `json:"when,omitempty"`
	Answers []answerReply      `json:"answers,omitempty"`
	Expect  []string           `json:"expect,omitempty"`
	Webhook *scenarios.Webhook `json:"webhook,omitempty"`
}

type whenReply struct {
	CarrierCode   string `json:"carrier_code,omitempty"`
	SubscriberNum string `json:"subscriber_num,omitempty"`
	Card          string `json:"card,omitempty"`
}

type answerReply struct {
	Text   string `json:"text,omitempty"`
	Code   string `json:"code,omitempty"`
	Silent bool   `json:"silent,omitempty"`
	After  *span  `json:"after,omitempty"`
}

func scenarioOf(s scenarios.Scenario) scenarioReply {
	reply := scenarioReply{
		ID: s.ID, Title: s.Title, Labels: append([]string{}, s.Labels...), Expect: s.Expect,
	}
	if s.Webhook != (scenarios.Webhook{}) {
		reply.Webhook = &s.Webhook
	}
	if s.When != (scenarios.When{}) {
		reply.When = &whenReply{string(s.When.CarrierCode), string(s.When.SubscriberNum), string(s.When.Card)}
	}
	for _, a := range s.Answers {
		reply.Answers = append(reply.Answers, answerReply{a.Text, a.Code, a.Silent, (*span)((*time.Duration)(a.After))})
	}
	return reply
}

func (c *Control) listScenarios(*http.Request) (any, error) {
	reply := rows[scenarioReply]{Data: []scenarioReply{}}
	for _, s := range c.Scenarios {
		reply.Data = append(reply.Data, scenarioOf(s))
	}
	return reply, nil
}

func (c *Control) getScenario(r *http.Request) (any, error) {
	s, ok := c.Scenarios.ByID(mux.Vars(r)["id"])
	if !ok {
		return nil, problem{http.StatusNotFound, "there is no scenario with this id: GET /_mock/scenarios lists them"}
	}
	return scenarioOf(s), nil
}
