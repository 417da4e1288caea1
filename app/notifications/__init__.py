"""What people are told: an inbox that keeps "needs you" apart from "for your information"."""
