// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Case, CaseId, ICaseCourt, Kind, Round, Stage, Verdict, Vote } from "../interfaces/ICaseCourt.sol";
import { Charge, Decision, IMatter } from "../interfaces/IMatter.sol";
import { IProtocol } from "../interfaces/IProtocol.sol";
import { Electorate, IProverRegistry, Outcome } from "../interfaces/IProverRegistry.sol";
import { BURNED } from "../lib/Types.sol";
import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";
import { SafeCast } from "@openzeppelin/contracts/utils/math/SafeCast.sol";

uint256 constant MIN_SEATS = 7;
uint256 constant MAX_SEATS = 63;
uint256 constant MIN_JURORS = 3;
uint256 constant MAX_OPENERS = 8;
uint256 constant KINDS = 3;

/// @notice See `ICaseCourt`.
contract CaseCourt is ICaseCourt {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @dev Set by the drawing, so that a vote changes storage and does not create it. No seat uses this bit.
    uint256 private constant VOTES_OPEN = 1 << 255;
    uint256 private constant HASHES_KEPT = 256;

    /// @dev The drawing block: nobody knows its hash when the case opens.
    uint64 private constant DRAW_AFTER_BLOCKS = 2;

    IERC20 private immutable USD;
    IProtocol private immutable PROTOCOL;
    IProverRegistry private immutable PROVERS;

    /// @inheritdoc ICaseCourt
    uint256 public totalCases;
    /// @inheritdoc ICaseCourt
    mapping(address account => uint256) public owed;
    /// @inheritdoc ICaseCourt
    mapping(bytes32 offence => CaseId) public caseOf;
    /// @inheritdoc ICaseCourt
    mapping(Kind kind => IMatter) public matterOf;

    mapping(CaseId id => Case) private _cases;
    mapping(CaseId id => address[]) private _openers;
    mapping(CaseId id => mapping(uint8 round => Round)) private _rounds;
    mapping(CaseId id => mapping(uint8 round => mapping(uint256 seat => bytes32))) private _commitments;

    /// @param matters What cases are about, in the order of `Kind`.
    constructor(IERC20 usd, IProtocol protocol, IProverRegistry provers, IMatter[KINDS] memory matters) {
        USD = usd;
        PROTOCOL = protocol;
        PROVERS = provers;
        for (uint256 i; i < KINDS; ++i) {
            matterOf[Kind(i)] = matters[i];
        }
    }

    /* OPEN AND ANSWER */

    /// @inheritdoc ICaseCourt
    function open(Kind kind, uint256 subject, bytes32 target, string calldata evidence) external returns (CaseId id) {
        PROTOCOL.requireOpen();
        bytes32 offence = offenceOf(kind, subject, target);
        Case storage earlier = _cases[caseOf[offence]];
        require(
            earlier.stage == Stage.None || (earlier.stage == Stage.Closed && earlier.verdict != Verdict.Accept),
            OffenceTaken(offence, caseOf[offence])
        );
        Electorate memory electorate = PROVERS.electorate();
        require(electorate.eligible >= MIN_JURORS, ElectorateTooSmall(electorate.eligible, MIN_JURORS));
        Charge memory charge = matterOf[kind].open(subject, target, msg.sender);

        id = CaseId.wrap(++totalCases);
        caseOf[offence] = id;
        Case storage trial = _cases[id];
        (trial.kind, trial.stage, trial.subject, trial.target) = (kind, Stage.Drawing, subject, target);
        (trial.accused, trial.joinable, trial.bond) = (charge.accused, charge.joinable, charge.bond);
        (trial.threshold, trial.excluded) = (charge.threshold, charge.excluded);
        if (charge.interested[0] != address(0)) trial.interested = charge.interested;
        trial.amount = Math.min(charge.atStake, PROTOCOL.caseCap()).toUint128();
        trial.electorate = electorate;
        trial.until = PROTOCOL.time() + PROTOCOL.answerWindow();
        trial.unit = PROTOCOL.caseWindow() / 8;
        trial.stake = PROTOCOL.proverStake();
        (_rounds[id][0].block_, _rounds[id][0].seats) = (_drawBlock(), _seatsFor(trial).toUint16());
        _openers[id].push(msg.sender);
        emit Opened(id, subject, msg.sender, kind, charge.accused, target, evidence);

        USD.safeTransferFrom(msg.sender, address(this), uint256(charge.bond) + _recordFee(charge.bond));
    }

    /// @inheritdoc ICaseCourt
    function join(CaseId id, string calldata evidence) external {
        Case storage trial = _inStage(id, Stage.Drawing);
        address[] storage openers_ = _openers[id];
        require(trial.joinable && trial.round == 0 && openers_.length < MAX_OPENERS, NotJoinable(id, MAX_OPENERS));
        for (uint256 i; i < trial.excluded.length; ++i) {
            require(trial.excluded[i] != msg.sender, IMatter.Excluded(msg.sender));
        }
        for (uint256 i; i < openers_.length; ++i) {
            require(openers_[i] != msg.sender, JoinedBefore(id, msg.sender));
        }

        openers_.push(msg.sender);
        emit Joined(id, msg.sender, evidence);

        USD.safeTransferFrom(msg.sender, address(this), trial.bond);
    }

    /// @inheritdoc ICaseCourt
    function answer(CaseId id, string calldata text) external {
        Case storage trial = _cases[id];
        bool before = trial.stage == Stage.Drawing || trial.stage == Stage.Voting;
        uint64 time = PROTOCOL.time();
        require(before && trial.round == 0, WrongStage(id, trial.stage, Stage.Drawing));
        require(msg.sender == trial.accused, NotAccused(msg.sender, trial.accused));
        require(!trial.answered, AlreadyAnswered(id));
        _notAfter(time, trial.until);

        uint64 quarter = PROTOCOL.answerWindow() / 4;
        uint64 until = trial.until;

        trial.answered = true;
        if (trial.stage == Stage.Drawing && time + quarter > until) trial.until = time + quarter;
        emit Answered(id, text, trial.until);
    }

    /* DRAWING */

    /// @inheritdoc ICaseCourt
    function record(CaseId id) external {
        _record(id, _inStage(id, Stage.Drawing));
    }

    /// @inheritdoc ICaseCourt
    function draw(CaseId id) external {
        Case storage trial = _inStage(id, Stage.Drawing);
        uint8 number = trial.round;
        Round storage round = _rounds[id][number];
        _record(id, trial);

        address[] memory seated = number == 0 ? new address[](0) : _rounds[id][0].panel;
        address[] memory panel =
            PROVERS.draw(round.seed, round.seats, trial.electorate, _barred(id, trial), seated, trial.stake);
        uint64 from = uint64(Math.max(PROTOCOL.time(), number == 0 ? trial.until : 0));

        trial.stage = Stage.Voting;
        round.panel = panel;
        round.votes = VOTES_OPEN;
        round.commitUntil = from + 4 * trial.unit;
        round.revealUntil = from + 6 * trial.unit;
        round.eighth = matterOf[trial.kind].test(trial.subject, trial.target, round.seed, _rounds[id][0].eighth);
        emit Drawn(id, number, panel, round.eighth, round.commitUntil, round.revealUntil);
    }

    /* VOTING AND APPEAL */

    /// @inheritdoc ICaseCourt
    function commitVote(CaseId id, uint256 seat, bytes32 commitment) external {
        Case storage trial = _inStage(id, Stage.Voting);
        Round storage round = _rounds[id][trial.round];
        _requireSeat(id, round, seat);
        _notAfter(PROTOCOL.time(), round.commitUntil);
        require(commitment != 0, CommitmentMissing());
        require(_commitments[id][trial.round][seat] == 0, AlreadyCommitted(id, msg.sender));

        _commitments[id][trial.round][seat] = commitment;
        emit VoteCommitted(id, trial.round, msg.sender);
    }

    /// @inheritdoc ICaseCourt
    function revealVote(CaseId id, uint256 seat, Vote calldata vote, bytes32 salt) external {
        Case storage trial = _inStage(id, Stage.Voting);
        uint8 number = trial.round;
        Round storage round = _rounds[id][number];
        bytes32 revealed = voteHash(id, number, msg.sender, vote, salt);
        bytes32 committed = _commitments[id][number][seat];
        _requireSeat(id, round, seat);
        _requireRevealing(round);
        require(_voteOf(round, seat) == Verdict.None, AlreadyCommitted(id, msg.sender));
        require(revealed == committed, CommitmentMismatch(revealed, committed));
        bool accepts = vote.verdict == Verdict.Accept && vote.finding > 0 && vote.finding >= trial.threshold;
        bool rejects = vote.verdict == Verdict.Reject && vote.finding == 0 && vote.cost == 0;
        require(accepts || rejects, VoteInvalid(vote.verdict, vote.finding, trial.threshold));

        round.votes |= uint256(vote.verdict) << 2 * seat;
        if (accepts) {
            ++round.accepts;
            round.costs += uint64(Math.min(vote.cost, PROTOCOL.bountyCap()));
            if (vote.finding > 1) ++round.graver;
        } else {
            ++round.rejects;
        }
        emit VoteRevealed(id, number, msg.sender, vote);
    }

    /// @inheritdoc ICaseCourt
    function rule(CaseId id) external {
        Case storage trial = _inStage(id, Stage.Voting);
        Round storage round = _rounds[id][trial.round];
        uint64 time = PROTOCOL.time();
        _after(time, round.revealUntil);

        Verdict ruling = Verdict.Draw;
        if (uint256(round.accepts) * 3 >= uint256(round.seats) * 2 && _isShown(trial, round)) ruling = Verdict.Accept;
        else if (uint256(round.rejects) * 2 > round.seats) ruling = Verdict.Reject;
        uint64 until = trial.round == 0 ? time + trial.unit : 0;
        bool waits = ruling == Verdict.Accept && PROTOCOL.guarded();

        (trial.stage, trial.verdict, round.ruling) = (Stage.Ruled, ruling, ruling);
        (trial.until, trial.closesAfter) = (until, waits ? time + 8 * trial.unit : until);
        emit Ruled(id, trial.round, ruling, until, trial.closesAfter);
    }

    /// @inheritdoc ICaseCourt
    function appeal(CaseId id) external {
        Case storage trial = _inStage(id, Stage.Ruled);
        bool lost = (msg.sender == trial.accused && trial.verdict != Verdict.Reject)
            || (_isOpener(id, msg.sender) && trial.verdict != Verdict.Accept);
        require(trial.until != 0 && !trial.annulled, RulingFinal(id));
        require(lost, NotLoser(msg.sender));
        _notAfter(PROTOCOL.time(), trial.until);

        (trial.stage, trial.round) = (Stage.Drawing, 1);
        (trial.appellant, trial.appealBond) = (msg.sender, 2 * trial.bond);
        uint256 seats = _odd(Math.min(2 * uint256(_rounds[id][0].seats) + 1, trial.electorate.eligible));
        (_rounds[id][1].block_, _rounds[id][1].seats) = (_drawBlock(), seats.toUint16());
        emit Appealed(id, msg.sender, trial.appealBond);

        USD.safeTransferFrom(msg.sender, address(this), trial.appealBond + _recordFee(trial.bond));
    }

    /// @inheritdoc ICaseCourt
    function annul(CaseId id) external {
        Case storage trial = _inStage(id, Stage.Ruled);
        require(msg.sender == PROTOCOL.council() && PROTOCOL.guarded(), NotCouncil(msg.sender));
        require(trial.verdict == Verdict.Accept, RulingFinal(id));
        _notAfter(PROTOCOL.time(), trial.closesAfter);

        (trial.verdict, trial.annulled) = (Verdict.Reject, true);
        (trial.until, trial.closesAfter) = (0, 0);
        emit Annulled(id);
    }

    /* CLOSE AND CLAIM */

    /// @inheritdoc ICaseCourt
    function close(CaseId id) external {
        Case storage trial = _inStage(id, Stage.Ruled);
        if (trial.closesAfter != 0) _after(PROTOCOL.time(), trial.closesAfter);

        trial.stage = Stage.Closed;
        _payBonds(id, trial);
        for (uint8 number; number <= trial.round; ++number) {
            _settle(id, trial, number);
        }
        (uint256 taken, uint256 bounty) =
            matterOf[trial.kind].close(trial.subject, trial.target, _decision(trial, _rounds[id][trial.round]));
        _share(id, bounty);
        emit CaseClosed(id, trial.verdict, taken, bounty);
    }

    /// @inheritdoc ICaseCourt
    function claim(address account) external returns (uint256 amount) {
        amount = owed[account];
        if (amount == 0) return 0;

        owed[account] = 0;
        emit Paid(account, amount);

        USD.safeTransfer(account, amount);
    }

    /* VIEWS */

    /// @inheritdoc ICaseCourt
    function cases(CaseId id) external view returns (Case memory) {
        return _cases[id];
    }

    /// @inheritdoc ICaseCourt
    function rounds(CaseId id, uint8 round) external view returns (Round memory) {
        return _rounds[id][round];
    }

    /// @inheritdoc ICaseCourt
    function openers(CaseId id) external view returns (address[] memory) {
        return _openers[id];
    }

    /// @inheritdoc ICaseCourt
    function bondOf(Kind kind, uint256 subject) external view returns (uint64 bond, uint64 recordFee) {
        bond = matterOf[kind].bondOf(subject);
        return (bond, _recordFee(bond));
    }

    /// @inheritdoc ICaseCourt
    function offenceOf(Kind kind, uint256 subject, bytes32 target) public view returns (bytes32) {
        return keccak256(abi.encode(address(this), kind, subject, target));
    }

    /// @inheritdoc ICaseCourt
    function voteHash(CaseId id, uint8 round, address juror, Vote calldata vote, bytes32 salt)
        public
        view
        returns (bytes32)
    {
        return keccak256(abi.encode("vote", block.chainid, address(this), id, round, juror, vote, salt));
    }

    /* INTERNAL */

    function _record(CaseId id, Case storage trial) private {
        Round storage round = _rounds[id][trial.round];
        if (round.seed != 0) return;
        uint256 number = round.block_;
        require(block.number > number, BlockPending(block.number, number + 1));

        // a missed block is replaced by the one 256 later, as often as it was missed
        number += (block.number - 1 - number) / HASHES_KEPT * HASHES_KEPT;
        round.block_ = number.toUint64();
        round.seed = keccak256(abi.encode(address(this), id, trial.round, blockhash(number)));
        owed[msg.sender] += _recordFee(trial.bond);
        emit Recorded(id, trial.round, msg.sender, round.block_, round.seed);
    }

    function _seatsFor(Case storage trial) private view returns (uint256) {
        uint256 needed = Math.ceilDiv(3 * uint256(trial.amount), 2 * uint256(trial.stake));
        uint256 seats = Math.min(Math.max(MIN_SEATS, needed), MAX_SEATS) | 1;
        return _odd(Math.min(seats, trial.electorate.eligible));
    }

    /// @dev The largest odd number up to `number`.
    function _odd(uint256 number) private pure returns (uint256) {
        return number % 2 == 1 ? number : number - 1;
    }

    function _drawBlock() private view returns (uint64) {
        return (block.number + DRAW_AFTER_BLOCKS).toUint64();
    }

    function _recordFee(uint64 bond) private pure returns (uint64) {
        return bond / 50;
    }

    /// @dev Parties that were known at the opening. Later openers leave their seats empty.
    function _barred(CaseId id, Case storage trial) private view returns (address[] memory barred) {
        barred = new address[](7);
        for (uint256 i; i < 4; ++i) {
            barred[i] = trial.excluded[i];
        }
        (barred[4], barred[5], barred[6]) = (trial.interested[0], trial.interested[1], _openers[id][0]);
    }

    function _requireSeat(CaseId id, Round storage round, uint256 seat) private view {
        require(seat < round.panel.length && round.panel[seat] == msg.sender, NotOnPanel(id, msg.sender));
        bool isParty = _isOpener(id, msg.sender);
        require(!isParty, NotOnPanel(id, msg.sender));
    }

    function _requireRevealing(Round storage round) private view {
        uint64 time = PROTOCOL.time();
        _after(time, round.commitUntil);
        _notAfter(time, round.revealUntil);
    }

    /// @dev Whether the keys that the panel tested stand open.
    function _isShown(Case storage trial, Round storage round) private view returns (bool) {
        return matterOf[trial.kind].isShown(trial.subject, trial.target, round.eighth);
    }

    function _isOpener(CaseId id, address account) private view returns (bool) {
        address[] storage openers_ = _openers[id];
        for (uint256 i; i < openers_.length; ++i) {
            if (openers_[i] == account) return true;
        }
        return false;
    }

    /// @dev Bonds of openers and appellant return, or are forfeited. A case that was not decided costs openers a fifth.
    function _payBonds(CaseId id, Case storage trial) private {
        address[] storage openers_ = _openers[id];
        (Verdict verdict, uint256 bond) = (trial.verdict, trial.bond);
        for (uint256 i; i < openers_.length; ++i) {
            if (verdict == Verdict.Reject) {
                _forfeit(bond, trial.accused);
            } else {
                uint256 fee = verdict == Verdict.Draw ? bond / 5 : 0;
                owed[openers_[i]] += bond - fee;
                owed[BURNED] += fee;
            }
        }
        address appellant = trial.appellant;
        if (appellant == address(0)) return;
        bool byAccused = appellant == trial.accused;
        bool lost = verdict == (byAccused ? Verdict.Accept : Verdict.Reject);
        if (lost) _forfeit(trial.appealBond, byAccused ? openers_[0] : trial.accused);
        else owed[appellant] += trial.appealBond;
    }

    function _forfeit(uint256 bond, address to) private {
        owed[to] += bond / 2;
        owed[BURNED] += bond - bond / 2;
    }

    function _decision(Case storage trial, Round storage round) private view returns (Decision memory) {
        return Decision({
            verdict: trial.verdict,
            graver: uint256(round.graver) * 3 >= uint256(round.seats) * 2,
            most: Math.min(trial.amount, 2 * uint256(round.seats) * trial.stake / 3),
            cost: round.costs / Math.max(1, round.accepts)
        });
    }

    function _share(CaseId id, uint256 bounty) private {
        if (bounty == 0) return;
        address[] storage openers_ = _openers[id];
        uint256 part = bounty / openers_.length;
        for (uint256 i; i < openers_.length; ++i) {
            owed[openers_[i]] += part;
        }
        owed[BURNED] += bounty - part * openers_.length;
    }

    /// @dev Jurors of both panels locked one stake.
    function _settle(CaseId id, Case storage trial, uint8 number) private {
        Round storage round = _rounds[id][number];
        PROVERS.settle(
            Outcome({
                panel: round.panel,
                unlocked: number == 0 ? new address[](0) : _rounds[id][0].panel,
                parties: _openers[id],
                votes: round.votes,
                ruling: uint8(round.ruling),
                last: uint8(trial.verdict),
                stake: trial.stake
            })
        );
    }

    function _voteOf(Round storage round, uint256 seat) private view returns (Verdict) {
        return Verdict(round.votes >> 2 * seat & 3);
    }

    function _inStage(CaseId id, Stage needed) private view returns (Case storage trial) {
        trial = _cases[id];
        require(trial.stage == needed, WrongStage(id, trial.stage, needed));
    }

    function _notAfter(uint64 time, uint64 until) private pure {
        require(time <= until, CaseTooLate(time, until));
    }

    function _after(uint64 time, uint64 until) private pure {
        require(time > until, CaseTooEarly(time, until + 1));
    }
}
