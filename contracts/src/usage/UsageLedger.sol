// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ICopyRegistry, Served } from "../interfaces/ICopyRegistry.sol";
import { IProtocol } from "../interfaces/IProtocol.sol";
import { ITreasury } from "../interfaces/ITreasury.sol";
import { Deployment, Escrow, IUsageLedger, KeyTerm } from "../interfaces/IUsageLedger.sol";
import { Receipt, Receipts, Report } from "../lib/Receipts.sol";
import { CopyId, MILLION } from "../lib/Types.sol";
import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import { ECDSA } from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import { EIP712 } from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import { SignatureChecker } from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";
import { SafeCast } from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @notice See `IUsageLedger`.
contract UsageLedger is EIP712, IUsageLedger {
    using Receipts for Receipt;
    using Receipts for Report;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    uint256 private constant MAX_URL_LENGTH = 256;

    /// @dev One word, which a report updates. Locks are kept in two buckets, regardless of the number of reports. The
    /// current bucket collects locks for `span` epochs, the length of a thaw, from epoch `from` on. Then it is the
    /// previous one, until the next bucket has collected for a thaw. No lock ends before one thaw, and every lock ends
    /// within two.
    /// @param units Units of all reports.
    /// @param owes Whether `_debts` has an entry.
    struct Account {
        uint56 escrow;
        uint56 units;
        uint48 current;
        uint48 previous;
        uint24 from;
        uint16 span;
        bool owes;
    }

    /// @param until Last second before the debt is overdue: that of its oldest part.
    struct Debt {
        uint128 amount;
        uint64 until;
    }

    struct Leaving {
        uint64 amount;
        uint64 notBefore;
    }

    IERC20 private immutable USD;
    IProtocol private immutable PROTOCOL;
    ICopyRegistry private immutable COPIES;
    ITreasury private immutable TREASURY;
    address private immutable USER_LEDGER;
    uint64 private immutable EPOCH_LENGTH;
    uint64 private immutable FEE_COLLATERAL_FACTOR;

    /// @inheritdoc IUsageLedger
    mapping(CopyId id => mapping(uint64 epoch => bytes32)) public reportHash;
    /// @inheritdoc IUsageLedger
    mapping(CopyId id => uint32) public deploymentCount;

    mapping(CopyId id => Account) private _accounts;
    mapping(CopyId id => Debt) private _debts;
    mapping(CopyId id => Leaving) private _leaving;
    mapping(CopyId id => mapping(address operator => KeyTerm)) private _keyTerms;
    mapping(CopyId id => mapping(uint32 number => Deployment)) private _deployments;

    constructor(IERC20 usd, IProtocol protocol, ICopyRegistry copies, ITreasury treasury, address userLedger)
        EIP712("Kinmark", "1")
    {
        USD = usd;
        PROTOCOL = protocol;
        COPIES = copies;
        TREASURY = treasury;
        USER_LEDGER = userLedger;
        EPOCH_LENGTH = protocol.epochLength();
        FEE_COLLATERAL_FACTOR = protocol.feeCollateralFactor();

        usd.forceApprove(address(treasury), type(uint256).max);
    }

    modifier onlyHost(CopyId id) {
        address host = COPIES.hostOf(id);
        require(msg.sender == host, NotHost(msg.sender, host));
        _;
    }

    /* DEPLOYMENTS */

    /// @inheritdoc IUsageLedger
    function openDeployment(CopyId id, string calldata url, uint96 price, address operator, uint64 cap)
        external
        onlyHost(id)
        returns (uint32 number)
    {
        PROTOCOL.requireOpen();
        uint256 length = bytes(url).length;
        require(COPIES.isActive(id), CopyNotActive(id));
        require(length > 0 && length <= MAX_URL_LENGTH, UrlLength(length, MAX_URL_LENGTH));
        require(operator != address(0), OperatorMissing());
        require(cap > 0, OperatorCapMissing());

        _allow(id, operator, cap);
        number = ++deploymentCount[id];
        bytes32 urlHash = keccak256(bytes(url));
        _deployments[id][number] = Deployment(operator, price, urlHash);
        emit DeploymentOpened(id, number, operator, price, urlHash, url);
    }

    /// @inheritdoc IUsageLedger
    function closeDeployment(CopyId id, uint32 number) external onlyHost(id) {
        require(_deployments[id][number].urlHash != 0, DeploymentUnknown(id, number));

        delete _deployments[id][number];
        emit DeploymentClosed(id, number);
    }

    /// @inheritdoc IUsageLedger
    function revokeOperator(CopyId id, address operator) external onlyHost(id) {
        KeyTerm storage term = _keyTerms[id][operator];
        uint64 epoch = PROTOCOL.epoch();
        require(term.until != 0, OperatorUnknown(id, operator, epoch));
        require(term.until == type(uint64).max, OperatorRevoked(operator, term.until));

        term.until = epoch;
        emit OperatorRevocation(id, operator, epoch);
    }

    /* ESCROW */

    /// @inheritdoc IUsageLedger
    function deposit(CopyId id, uint64 amount) external {
        Served memory copy = COPIES.served(id);
        Account storage account = _accounts[id];
        require(copy.host != address(0), CopyNotActive(id));

        uint256 paid = account.owes ? _payOwed(id, amount) : 0;
        account.escrow = (account.escrow + amount - paid).toUint56();
        emit Deposited(id, msg.sender, amount, account.escrow);

        USD.safeTransferFrom(msg.sender, address(this), amount);
        if (paid > 0) TREASURY.pay(copy.modelId, paid, copy.minter);
    }

    /// @inheritdoc IUsageLedger
    function requestWithdrawal(CopyId id, uint64 amount) external onlyHost(id) {
        uint64 escrow = _accounts[id].escrow;
        require(amount <= escrow, EscrowTooLow(escrow, amount));

        uint64 notBefore = PROTOCOL.time() + EPOCH_LENGTH + PROTOCOL.reportGrace();

        _leaving[id] = Leaving(amount, notBefore);
        emit WithdrawalRequested(id, amount, notBefore);
    }

    /// @inheritdoc IUsageLedger
    function withdraw(CopyId id) external returns (uint256 amount) {
        Leaving memory leaving = _leaving[id];
        uint64 escrow = _accounts[id].escrow;
        uint64 time = PROTOCOL.time();
        uint64 notAfter = leaving.notBefore + EPOCH_LENGTH;
        require(time >= leaving.notBefore, EscrowThawing(time, leaving.notBefore));
        require(leaving.amount == 0 || time <= notAfter, RequestLapsed(time, notAfter));

        amount = leaving.amount < escrow ? leaving.amount : escrow;
        if (amount == 0) return 0;

        // at most the escrow, which fits
        // forge-lint: disable-next-line(unsafe-typecast)
        uint56 left = uint56(escrow - amount);
        _accounts[id].escrow = left;
        delete _leaving[id];
        emit Withdrawn(id, amount, left);

        USD.safeTransfer(COPIES.hostOf(id), amount);
    }

    /* REPORTS */

    /// @inheritdoc IUsageLedger
    function report(CopyId id, uint64 epoch, uint64 count, uint64 units, bytes32 receiptsRoot) external {
        _report(Report(id, epoch, count, units, receiptsRoot), msg.sender);
    }

    /// @inheritdoc IUsageLedger
    function reportSigned(Report calldata signed, address signer, bytes calldata signature) external {
        require(
            SignatureChecker.isValidSignatureNowCalldata(signer, reportDigest(signed), signature),
            SignatureInvalid(signer)
        );
        _report(signed, signer);
    }

    /// @inheritdoc IUsageLedger
    function reportFrom(Report calldata filed, address reporter) external {
        require(msg.sender == USER_LEDGER, NotUserLedger(msg.sender, USER_LEDGER));

        _report(filed, reporter);
    }

    /* VIEWS */

    /// @inheritdoc IUsageLedger
    function requireReceipt(Receipt calldata receipt, bytes calldata signature)
        external
        view
        returns (bytes32 receiptHash)
    {
        receiptHash = receipt.hash();
        (uint64 time,, uint64 thaw) = PROTOCOL.reporting(receipt.epoch);
        // the last second before collateral of a copy closed at the beginning of the epoch may leave
        uint256 deadline = uint256(receipt.epoch) * EPOCH_LENGTH + thaw - 1;
        uint64 last = COPIES.lastEpoch(receipt.copyId);
        address signer = ECDSA.recoverCalldata(_hashTypedDataV4(receiptHash), signature);
        // seconds of an epoch that has begun
        // forge-lint: disable-next-line(unsafe-typecast)
        require(time <= deadline, ReceiptTooOld(receipt.epoch, time, uint64(deadline)));
        require(receipt.epoch <= last, CopyEnded(receipt.copyId, receipt.epoch, last));
        require(
            _isOperator(receipt.copyId, signer, receipt.epoch), OperatorUnknown(receipt.copyId, signer, receipt.epoch)
        );
        _requireWithinCap(receipt.copyId, signer, receipt.units);
    }

    /// @inheritdoc IUsageLedger
    function receiptDigest(Receipt calldata receipt) external view returns (bytes32) {
        return _hashTypedDataV4(receipt.hash());
    }

    /// @inheritdoc IUsageLedger
    function reportDigest(Report calldata unsigned) public view returns (bytes32) {
        return _hashTypedDataV4(unsigned.hash());
    }

    /// @inheritdoc IUsageLedger
    function reportDeadline(uint64 epoch) public view returns (uint64) {
        (, uint64 grace,) = PROTOCOL.reporting(epoch);
        return _deadline(epoch, grace);
    }

    /// @inheritdoc IUsageLedger
    function escrows(CopyId id) external view returns (Escrow memory) {
        return Escrow(_accounts[id].escrow, _leaving[id].amount, _leaving[id].notBefore);
    }

    /// @inheritdoc IUsageLedger
    function locked(CopyId id) external view returns (uint256) {
        uint64 epoch = PROTOCOL.epoch();
        (,, uint64 thaw) = PROTOCOL.reporting(epoch);
        Account memory account = _rolled(_accounts[id], epoch, thaw);
        return uint256(account.current) + account.previous;
    }

    /// @inheritdoc IUsageLedger
    function reportedUnits(CopyId id) external view returns (uint64) {
        return _accounts[id].units;
    }

    /// @inheritdoc IUsageLedger
    function owed(CopyId id) external view returns (uint256) {
        return _debts[id].amount;
    }

    /// @inheritdoc IUsageLedger
    function overdue(CopyId id) external view returns (uint256) {
        Debt memory debt = _debts[id];
        return PROTOCOL.time() > debt.until ? debt.amount : 0;
    }

    /// @inheritdoc IUsageLedger
    function owedUntil(CopyId id) external view returns (uint64) {
        return _debts[id].until;
    }

    /// @inheritdoc IUsageLedger
    function feeOf(CopyId id, uint64 units) external view returns (uint256) {
        return _fee(units, COPIES.served(id).fee);
    }

    /// @inheritdoc IUsageLedger
    function deployments(CopyId id, uint32 number) external view returns (Deployment memory) {
        return _deployments[id][number];
    }

    /// @inheritdoc IUsageLedger
    function keyTerms(CopyId id, address operator) external view returns (KeyTerm memory) {
        return _keyTerms[id][operator];
    }

    /* INTERNAL */

    /// @dev A revoked key cannot be added again: a new term would invalidate its old receipts. Nor can a key's cap change.
    function _allow(CopyId id, address operator, uint64 cap) private {
        KeyTerm memory term = _keyTerms[id][operator];
        if (term.until == type(uint64).max) {
            require(cap == term.cap, OperatorCapDiffers(operator, term.cap, cap));
            return;
        }
        require(term.until == 0, OperatorRevoked(operator, term.until));

        uint64 epoch = PROTOCOL.epoch();
        _keyTerms[id][operator] = KeyTerm(epoch, type(uint64).max, cap);
        emit OperatorAdded(id, operator, epoch, cap);
    }

    function _report(Report memory filed, address reporter) private {
        Served memory copy = COPIES.served(filed.copyId);
        (uint64 time, uint64 grace, uint64 thaw) = PROTOCOL.reporting(filed.epoch);
        uint64 deadline = _requireReportable(filed, reporter, copy, time, grace);

        uint256 fee = _fee(filed.units, copy.fee);
        Account memory account = _rolled(_accounts[filed.copyId], time / EPOCH_LENGTH, thaw);
        uint256 paid = Math.min(account.escrow, fee);
        uint256 debt = account.owes || paid < fee ? _owe(filed.copyId, fee - paid, deadline) : 0;
        uint256 lock = fee * FEE_COLLATERAL_FACTOR;
        uint256 lockedNow = lock + account.current + account.previous;
        require(lockedNow + debt <= copy.collateral, CollateralTooLow(copy.collateral, lockedNow + debt));

        account.escrow = (account.escrow - paid).toUint56();
        account.units = (uint256(account.units) + filed.units).toUint56();
        account.current = (account.current + lock).toUint48();
        account.owes = debt > 0;
        _accounts[filed.copyId] = account;
        reportHash[filed.copyId][filed.epoch] = filed.hash();
        _emitReported(filed, fee, debt, lockedNow);

        if (paid > 0) TREASURY.pay(copy.modelId, paid, copy.minter);
    }

    function _emitReported(Report memory filed, uint256 fee, uint256 debt, uint256 lockedNow) private {
        emit Reported(filed.copyId, filed.epoch, filed.count, filed.units, filed.receiptsRoot, fee, debt, lockedNow);
    }

    function _requireReportable(Report memory filed, address reporter, Served memory copy, uint64 time, uint64 grace)
        private
        view
        returns (uint64 deadline)
    {
        uint64 current = time / EPOCH_LENGTH;
        require(
            reporter == copy.host || _isOperator(filed.copyId, reporter, filed.epoch),
            NotReporter(filed.copyId, reporter, filed.epoch)
        );
        if (reporter != copy.host) _requireWithinCap(filed.copyId, reporter, filed.units);
        require(filed.epoch < current, EpochRunning(filed.epoch, current));
        require(filed.epoch <= copy.lastEpoch, CopyEnded(filed.copyId, filed.epoch, copy.lastEpoch));
        deadline = _deadline(filed.epoch, grace);
        require(time <= deadline, ReportLate(time, deadline));
        require(reportHash[filed.copyId][filed.epoch] == 0, ReportedBefore(filed.copyId, filed.epoch));
        require(filed.count > 0 && filed.receiptsRoot != 0, ReportEmpty());
        require(filed.units >= filed.count, UnitsBelowCount(filed.units, filed.count));
    }

    /// @dev Adds to what the copy owes. All of it falls due with its oldest part, an epoch after the grace.
    function _owe(CopyId id, uint256 amount, uint64 deadline) private returns (uint256 debt) {
        Debt memory stored = _debts[id];
        debt = stored.amount + amount;
        _debts[id] = Debt(debt.toUint128(), stored.amount == 0 ? deadline + EPOCH_LENGTH : stored.until);
    }

    /// @dev Pays what the copy owes, as far as `amount` goes.
    function _payOwed(CopyId id, uint256 amount) private returns (uint256 paid) {
        Debt storage debt = _debts[id];
        paid = Math.min(debt.amount, amount);
        uint256 left = debt.amount - paid;
        debt.amount = left.toUint128();
        if (left == 0) {
            delete _debts[id];
            _accounts[id].owes = false;
        }
        emit OwedPaid(id, paid, left);
    }

    /// @dev The account as it is in `epoch`. Each new bucket lasts one thaw.
    function _rolled(Account memory account, uint64 epoch, uint64 thaw) private view returns (Account memory) {
        uint256 end = uint256(account.from) + account.span;
        if (epoch < end) return account;
        uint256 span = Math.ceilDiv(thaw, EPOCH_LENGTH);
        bool follows = epoch < end + span;
        account.previous = follows ? account.current : 0;
        account.current = 0;
        account.from = (follows ? end : epoch).toUint24();
        account.span = span.toUint16();
        return account;
    }

    function _deadline(uint64 epoch, uint64 grace) private view returns (uint64) {
        return ((uint256(epoch) + 1) * EPOCH_LENGTH + grace).toUint64();
    }

    function _fee(uint64 units, uint64 feePerMillion) private pure returns (uint256) {
        return Math.ceilDiv(uint256(units) * feePerMillion, MILLION);
    }

    function _isOperator(CopyId id, address account, uint64 epoch) private view returns (bool) {
        KeyTerm storage term = _keyTerms[id][account];
        return term.until != 0 && term.from <= epoch && epoch <= term.until;
    }

    function _requireWithinCap(CopyId id, address operator, uint64 units) private view {
        uint64 cap = _keyTerms[id][operator].cap;
        require(units <= cap, UnitsAboveCap(operator, units, cap));
    }
}
