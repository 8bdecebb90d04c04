// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Challenge, ChallengeState, IChallengeCourt } from "../interfaces/IChallengeCourt.sol";
import { ICopyRegistry } from "../interfaces/ICopyRegistry.sol";
import { IProtocol } from "../interfaces/IProtocol.sol";
import { ITreasury } from "../interfaces/ITreasury.sol";
import { IUsageLedger } from "../interfaces/IUsageLedger.sol";
import { Receipt, Receipts, Report } from "../lib/Receipts.sol";
import { SumNode, SumRoot, SumTree } from "../lib/SumTree.sol";
import { CopyId } from "../lib/Types.sol";
import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @notice See `IChallengeCourt`.
contract ChallengeCourt is IChallengeCourt {
    using Receipts for Report;
    using SafeERC20 for IERC20;

    IERC20 private immutable USD;
    IProtocol private immutable PROTOCOL;
    ICopyRegistry private immutable COPIES;
    IUsageLedger private immutable LEDGER;
    ITreasury private immutable TREASURY;

    mapping(bytes32 offence => Challenge) private _challenges;
    mapping(CopyId id => uint40) private _latest;

    constructor(IERC20 usd, IProtocol protocol, ICopyRegistry copies, IUsageLedger ledger, ITreasury treasury) {
        USD = usd;
        PROTOCOL = protocol;
        COPIES = copies;
        LEDGER = ledger;
        TREASURY = treasury;

        usd.forceApprove(address(treasury), type(uint256).max);
    }

    /* DECIDED IMMEDIATELY */

    /// @inheritdoc IChallengeCourt
    function unreported(Receipt calldata receipt, bytes calldata signature, Report calldata filed)
        external
        returns (uint256 taken)
    {
        LEDGER.requireReceipt(receipt, signature);
        _requireFiled(receipt, filed);
        require(receipt.index >= filed.count, IndexReported(receipt.index, filed.count));

        return _slash(offenceOf(receipt.copyId, receipt.epoch, receipt.index), receipt.copyId, msg.sender);
    }

    /// @inheritdoc IChallengeCourt
    function twoFaces(
        Receipt calldata one,
        bytes calldata oneSignature,
        Receipt calldata other,
        bytes calldata otherSignature
    ) external returns (uint256 taken) {
        bytes32 oneHash = LEDGER.requireReceipt(one, oneSignature);
        bytes32 otherHash = LEDGER.requireReceipt(other, otherSignature);
        bytes32 offence = offenceOf(one.copyId, one.epoch, one.index);
        require(offence == offenceOf(other.copyId, other.epoch, other.index), ReceiptsUnrelated());
        require(oneHash != otherHash, SameReceipt(oneHash));

        return _slash(offence, one.copyId, msg.sender);
    }

    /* DECIDED AFTER THE ANSWER WINDOW */

    /// @inheritdoc IChallengeCourt
    function missing(Receipt calldata receipt, bytes calldata signature, Report calldata filed)
        external
        returns (bytes32 offence)
    {
        bytes32 receiptHash = LEDGER.requireReceipt(receipt, signature);
        _requireFiled(receipt, filed);
        require(receipt.index < filed.count, IndexUnreported(receipt.index, filed.count));

        offence = offenceOf(receipt.copyId, receipt.epoch, receipt.index);
        uint256 bond = _open(offence, receipt, receiptHash);
        emit Challenged(offence, receipt.copyId, msg.sender, receipt.epoch, receipt.index, receiptHash, bond);
        _take(receipt.copyId, bond);
    }

    /// @inheritdoc IChallengeCourt
    function answer(Report calldata filed, uint64 index, SumNode[] calldata siblings) external {
        bytes32 offence = offenceOf(filed.copyId, filed.epoch, index);
        Challenge storage challenge = _answerable(offence);
        SumNode memory leaf = SumNode(SumTree.leafOf(abi.encode(challenge.receiptHash)), challenge.units);
        require(LEDGER.reportHash(filed.copyId, filed.epoch) == filed.hash(), ReportUnknown(filed.copyId, filed.epoch));
        require(
            SumTree.proves(SumRoot(filed.receiptsRoot, filed.count, filed.units), leaf, index, siblings),
            ProofInvalid(index, filed.count)
        );

        _acquit(offence, challenge);
    }

    /// @inheritdoc IChallengeCourt
    function convict(bytes32 offence) external returns (uint256 taken) {
        Challenge storage challenge = _challenges[offence];
        require(challenge.state == ChallengeState.Open, ChallengeNotOpen(offence, challenge.state));
        uint64 time = PROTOCOL.time();
        uint64 deadline = answerDeadline(offence);
        require(time > deadline, AnswerPending(time, deadline));

        challenge.state = ChallengeState.Convicted;

        // Two faces at the same index may have been punished already. Then only the bond is returned.
        if (!COPIES.punished(offence)) {
            taken = _slash(offence, challenge.copyId, challenge.challenger);
        }
        COPIES.closeDispute(challenge.copyId);
        TREASURY.payAccount(challenge.challenger, challenge.bond);
    }

    /* VIEWS */

    /// @inheritdoc IChallengeCourt
    function challenges(bytes32 offence) external view returns (Challenge memory) {
        return _challenges[offence];
    }

    /// @inheritdoc IChallengeCourt
    function answerDeadline(bytes32 offence) public view returns (uint64) {
        Challenge storage challenge = _challenges[offence];
        uint64 extended = uint64(_latest[challenge.copyId]) + challenge.window;
        uint64 longest = uint64(challenge.openedAt) + 2 * uint64(challenge.window);
        return extended < longest ? extended : longest;
    }

    /// @inheritdoc IChallengeCourt
    function offenceOf(CopyId id, uint64 epoch, uint64 index) public pure returns (bytes32) {
        return keccak256(abi.encode("receipt", id, epoch, index));
    }

    /* INTERNAL */

    /// @dev Reverts unless the time to report the receipt's epoch is over and `filed` is the report of that epoch.
    function _requireFiled(Receipt calldata receipt, Report calldata filed) private view {
        (uint64 time, uint64 deadline) = (PROTOCOL.time(), LEDGER.reportDeadline(receipt.epoch));
        require(time > deadline, EpochOpen(receipt.epoch, time, deadline));
        bytes32 expected = LEDGER.reportHash(receipt.copyId, receipt.epoch);
        require(
            expected == (filed.count == 0 ? bytes32(0) : filed.hash()), ReportUnknown(receipt.copyId, receipt.epoch)
        );
    }

    function _open(bytes32 offence, Receipt calldata receipt, bytes32 receiptHash) private returns (uint256 bond) {
        PROTOCOL.requireOpen();
        ChallengeState state = _challenges[offence].state;
        require(state == ChallengeState.None, ChallengedBefore(offence, state));
        require(!COPIES.punished(offence), ICopyRegistry.OffencePunished(offence));

        bond = PROTOCOL.challengeBond();
        uint40 time = uint40(PROTOCOL.time());
        _latest[receipt.copyId] = time;
        _challenges[offence] = Challenge({
            challenger: msg.sender,
            openedAt: time,
            window: uint32(PROTOCOL.answerWindow()),
            state: ChallengeState.Open,
            // a parameter has at most 64 bits
            // forge-lint: disable-next-line(unsafe-typecast)
            bond: uint96(bond),
            units: receipt.units,
            copyId: receipt.copyId,
            receiptHash: receiptHash
        });
    }

    function _take(CopyId id, uint256 bond) private {
        COPIES.openDispute(id);
        USD.safeTransferFrom(msg.sender, address(this), bond);
    }

    function _answerable(bytes32 offence) private view returns (Challenge storage challenge) {
        challenge = _challenges[offence];
        require(challenge.state == ChallengeState.Open, ChallengeNotOpen(offence, challenge.state));
        (uint64 time, uint64 deadline) = (PROTOCOL.time(), answerDeadline(offence));
        require(time <= deadline, AnswerLate(time, deadline));
    }

    function _acquit(bytes32 offence, Challenge storage challenge) private {
        CopyId id = challenge.copyId;
        challenge.state = ChallengeState.Answered;
        emit Answered(offence, id);

        COPIES.closeDispute(id);
        TREASURY.payAccount(COPIES.hostOf(id), challenge.bond);
    }

    /// @dev Always takes all collateral. If the challenger could choose the amount, an accomplice could use up the
    /// offence for one unit.
    function _slash(bytes32 offence, CopyId id, address challenger) private returns (uint256 taken) {
        taken = COPIES.slash(id, type(uint256).max, challenger, offence);
        emit Convicted(offence, id, challenger, taken);
    }
}
